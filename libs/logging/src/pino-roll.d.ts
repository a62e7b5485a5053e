/** The package ships no types; these are the options this lib uses. */
declare module 'pino-roll' {
  import type { SonicBoom } from 'sonic-boom';
  export default function roll(options: {
    file: string;
    frequency: 'daily' | 'hourly';
    dateFormat: string;
    size: string;
    extension: string;
    mkdir: boolean;
    sync: boolean;
    limit: { count: number; removeOtherLogFiles: boolean };
  }): Promise<SonicBoom>;
}
