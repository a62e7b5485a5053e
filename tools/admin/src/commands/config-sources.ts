import type { Environment } from '@universal-api/config';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Where a secret that nobody gave is kept, by its name. */
export type KeptSecrets = Readonly<Record<string, string>>;

/** Where the value of a variable comes from: the environment, `.env` (which becomes part of it), or a file; absent: nowhere. */
export function findSource(name: string, environment: Environment, dotEnv: Environment): string | undefined {
  const file = environment[`${name}_FILE`];
  if (environment[name]) return environment[name] === dotEnv[name] ? '.env' : 'environment';
  return file ? `file ${file}` : undefined;
}

/** The variables of an env file; none if it is not there. */
export function readEnvFile(path: string): Environment {
  const text = readIfPresent(path);
  return text === undefined ? {} : parseEnv(text);
}

/** The secrets that an installation made for itself, by name, with the file that has them; never their values. */
export function readKeptSecrets(folder: string): KeptSecrets {
  const whole = join(folder, 'secrets.json');
  const single = join(folder, 'distributed/secrets');
  const ofStart = namesIn(whole).map((name) => [name, whole] as const);
  const ofApps = listIfPresent(single).map((name) => [name, join(single, name)] as const);
  return Object.fromEntries([...ofApps, ...ofStart]);
}

function namesIn(file: string): string[] {
  try {
    return Object.keys(JSON.parse(readIfPresent(file) ?? '{}') as object);
  } catch {
    // Damaged, or another user's: what it holds is not known, and whoever starts is told so.
    return [];
  }
}

function listIfPresent(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
  } catch {
    // None, or not ours to read.
    return [];
  }
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
