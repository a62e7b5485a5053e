import { Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { findKeyRingFault } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { secretNames, type SecretName } from './secret-names.ts';
import { writeIfAbsent, writeInPlace } from './write-secret-file.ts';

/** Where secrets are kept. */
export interface SecretsOptions {
  /** Gets one file for each secret, named as its variable. */
  readonly folder: string;
  /** Login, host and database without a password; a file `DATABASE_URL` with the password in it is kept beside the secrets. */
  readonly databaseUrl?: string;
}

/** What is in the folder now. */
export interface InitialisedSecrets {
  /** As an absolute path. */
  readonly folder: string;
  readonly made: readonly string[];
  readonly kept: readonly string[];
  readonly values: Readonly<Record<SecretName, Secret>>;
}

const folderMode = 0o700;
const fileMode = 0o600;

/**
 * Makes the secrets that a folder has not yet, and checks those that it has: folder 0700, files 0600, each file whole or not
 * there. Never replaces a secret. Any number of processes may do so at once; all then read the same ones.
 *
 * Errors: one sentence (`internal`) for a folder that cannot be written, and for a file that holds no usable secret, by its
 * name and without its value.
 */
export function initSecrets({ folder, databaseUrl }: SecretsOptions): InitialisedSecrets {
  const path = resolve(folder);
  const made: string[] = [];
  try {
    mkdirSync(path, { recursive: true, mode: folderMode });
    narrow(path, folderMode);
    for (const name of secretNames) if (writeIfAbsent(join(path, name), makeSecret(name))) made.push(name);
    const values = Object.fromEntries(secretNames.map((name) => [name, readSecret(path, name)] as const));
    const secrets = values as Record<SecretName, Secret>;
    if (databaseUrl !== undefined) keepDatabaseUrl(path, databaseUrl, secrets.DATABASE_PASSWORD, made);
    const names = databaseUrl === undefined ? secretNames : [...secretNames, 'DATABASE_URL'];
    return { folder: path, made, kept: names.filter((name) => !made.includes(name)), values: secrets };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (AppError.is(error) || code === undefined) throw error;
    throw refuse(`The folder of secrets ${path} cannot be used (${code}); make it this user's own.`, error);
  }
}

function makeSecret(name: SecretName): string {
  // The password stands in URLs, where a key ring's characters would have to be escaped.
  return name === 'DATABASE_PASSWORD' ? randomBytes(24).toString('hex') : `v1:${randomBytes(32).toString('base64')}`;
}

function readSecret(folder: string, name: SecretName): Secret {
  const file = join(folder, name);
  narrow(file, fileMode);
  const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  const fault = name === 'DATABASE_PASSWORD' ? findPasswordFault(text) : findKeyRingFault(text);
  // A new one in its place would lock everyone out of what the old one protects.
  if (fault !== undefined) throw refuse(`${file} holds no usable secret (${fault}); restore it.`);
  return new Secret(text);
}

function findPasswordFault(text: string): string | undefined {
  return /^[\x21-\x7e]{12,}$/.test(text) ? undefined : 'expected 12 or more printable characters without spaces';
}

/** Derived, so it is written anew when the login, the host or the database changes. */
function keepDatabaseUrl(folder: string, databaseUrl: string, password: Secret, made: string[]): void {
  const url = new URL(databaseUrl);
  url.password = encodeURIComponent(password.reveal());
  if (writeInPlace(join(folder, 'DATABASE_URL'), url.href)) made.push('DATABASE_URL');
}

/** Takes rights away from others; rights that are narrower already stay. */
function narrow(path: string, mode: number): void {
  const { mode: present } = statSync(path);
  if ((present & 0o777 & ~mode) !== 0) chmodSync(path, present & mode);
}

function refuse(internal: string, cause?: unknown): AppError {
  return new AppError('internal', { internal, cause });
}
