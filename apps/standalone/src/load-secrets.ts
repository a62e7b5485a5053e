import { Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets that the installation needs; each a key ring `v1:<base64>`. */
export const secretNames = [
  'AUTH_KEY_PEPPER',
  'INTERNAL_AUTH_KEY',
  'DATA_ENCRYPTION_KEY',
  'DATABASE_PASSWORD',
] as const;

/** One of those names. */
export type SecretName = (typeof secretNames)[number];

/**
 * The installation's secrets: those handed in win, then `<folder>/secrets.json` (0600), and what is missing is made and
 * kept there. Written by rename, so that a crash leaves the old file or the new one.
 */
export function loadSecrets(
  folder: string,
  given: Partial<Record<SecretName, Secret>>,
): Readonly<Record<SecretName, Secret>> {
  const file = join(folder, 'secrets.json');
  const kept = readKept(file);
  const missing = secretNames.filter((name) => !given[name] && !kept[name]);
  if (missing.length > 0) {
    for (const name of missing) kept[name] = `v1:${randomBytes(32).toString('base64')}`;
    writeWhole(file, JSON.stringify(kept, undefined, 2));
  }
  const entries = secretNames.map((name) => [name, given[name] ?? new Secret(kept[name] ?? '')] as const);
  return Object.fromEntries(entries) as Record<SecretName, Secret>;
}

function readKept(file: string): Partial<Record<SecretName, string>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(text) as Partial<Record<SecretName, string>>;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): AppError {
  // Making new secrets here would lock everyone out of what the old ones protect.
  return new AppError('internal', {
    internal: `${file} cannot be read; restore it, or remove the whole data folder.`,
    cause,
  });
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
