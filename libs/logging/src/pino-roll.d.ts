/** The package ships no types; these are the options and the part of the stream that this lib uses. */
declare module 'pino-roll' {
  export interface RollingStream {
    write(line: string): boolean;
    flushSync(): void;
    on(event: 'error' | 'drop', listener: () => void): unknown;
  }
  export default function roll(options: {
    file: string;
    frequency: 'daily' | 'hourly';
    dateFormat: string;
    size: string;
    extension: string;
    mkdir: boolean;
    sync: boolean;
    maxLength: number;
    limit: { count: number; removeOtherLogFiles: boolean };
  }): Promise<RollingStream>;
}
