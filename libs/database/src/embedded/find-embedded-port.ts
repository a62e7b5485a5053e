import { resolve } from 'node:path';
import { readPostmasterFile } from './processes/postmaster-file.ts';
import { twinOf } from './server-account.ts';

/** The port, on 127.0.0.1, that the embedded server of a data folder took when it ran last; undefined when it stopped, or never ran. */
export function findEmbeddedPort(folder: string): number | undefined {
  const data = resolve(folder);
  return [data, twinOf(data)].map(readPostmasterFile).find((file) => file !== undefined)?.port;
}
