import { resolve } from 'node:path';
import { readPostmasterFile } from './processes/postmaster-file.ts';
import { oldTwinOf } from './twin/find-twin.ts';
import { readHome } from './twin/home-file.ts';

/** The port, on 127.0.0.1, that the embedded server of a data folder took when it ran last; undefined when it stopped, or never ran. */
export function findEmbeddedPort(folder: string): number | undefined {
  const data = resolve(folder);
  return [data, readTwin(data) ?? oldTwinOf(data)].map(readPostmasterFile).find((file) => file !== undefined)?.port;
}

function readTwin(data: string): string | undefined {
  try {
    return readHome(data)?.home;
  } catch {
    // Nothing can be told of a folder that is not ours to read, as of one whose server stopped.
    return undefined;
  }
}
