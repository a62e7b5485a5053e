import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readProfiles } from './control.ts';
import type { ProfileTexts } from './profile/profile-table.ts';

/** What the command line says. */
export interface CommandLine {
  readonly port: number;
  /** Address to listen on; absent: the usual one. */
  readonly host?: string;
  readonly seed: number;
  /** Of the file, laid over the defaults. */
  readonly profiles: ProfileTexts;
}

/** Shown with every complaint. */
export const usage = 'npm run simulator -- [--port 9900] [--host 127.0.0.1] [--seed 7] [--profile file.json]';

/** Reads `--port`, `--host`, `--seed` and `--profile`. Errors: `Error`, a sentence that names the option. */
export function readOptions(words: readonly string[], defaultPort: number): CommandLine {
  const { values } = parseArgs({
    args: [...words],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      seed: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  return {
    port: readInteger('--port', values.port, defaultPort, 65_535),
    ...(values.host !== undefined && { host: values.host }),
    seed: readInteger('--seed', values.seed, 1, Number.MAX_SAFE_INTEGER),
    profiles: values.profile === undefined ? {} : readProfiles(readFileSync(values.profile, 'utf8')),
  };
}

function readInteger(name: string, text: string | undefined, otherwise: number, max: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new Error(`${name} must be a whole number of at most ${max}`);
}
