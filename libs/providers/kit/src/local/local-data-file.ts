import { randomUUID } from 'node:crypto';
import { closeSync, openSync, read, readSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const magic = 'UAPIDAT1';
const readAt = promisify(read);

/** Where each named section lies in the file, bytes. */
type Sections = Readonly<Record<string, readonly [offset: number, length: number]>>;

/** An open file of compiled local data. Little-endian, as every platform this runs on. */
export interface LocalData {
  /** One section, in a buffer that starts at offset 0 of its own memory, so that typed arrays may lie over it. */
  bytes(section: string): ArrayBuffer;
  /** `length` bytes of a section from `offset`, read when asked. */
  part(section: string, offset: number, length: number): Promise<Buffer>;
  close(): void;
}

/** Writes compiled data so that a reader sees the old file or the new one, never a part: another name, then renamed. */
export async function writeLocalData(path: string, sections: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const places: Record<string, [number, number]> = {};
  let end = 0;
  for (const [name, bytes] of Object.entries(sections)) {
    places[name] = [end, bytes.byteLength];
    end += bytes.byteLength;
  }
  const header = Buffer.from(JSON.stringify(places));
  const start = Buffer.alloc(magic.length + 4);
  start.write(magic, 'latin1');
  start.writeUInt32LE(header.byteLength, magic.length);
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  const file = await open(unfinished, 'w');
  try {
    for (const bytes of [start, header, ...Object.values(sections)]) await file.writeFile(bytes);
    await file.sync();
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw cause;
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

/**
 * Opens a file of compiled data; the file stays open until `close`.
 * Errors: an error that names the command to run, if the file is missing or is not such a file.
 */
export function openLocalData(file: URL): LocalData {
  const path = fileURLToPath(file);
  const descriptor = openCompiled(path);
  const { sections, dataStart } = readHeader(descriptor, path);
  const placeOf = (section: string) => {
    const place = sections[section];
    if (!place) throw new Error(`${path} has no section ${section}: ${compileAdvice}`);
    return place;
  };
  return {
    bytes(section) {
      const [offset, length] = placeOf(section);
      return readFully(descriptor, dataStart + offset, length).buffer;
    },
    async part(section, offset, length) {
      const [sectionOffset, sectionLength] = placeOf(section);
      if (offset + length > sectionLength) throw new RangeError(`beyond section ${section}`);
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await readAt(descriptor, buffer, 0, length, dataStart + sectionOffset + offset);
      if (bytesRead < length) throw new Error(`${path} ends early: ${compileAdvice}`);
      return buffer;
    },
    close: () => closeSync(descriptor),
  };
}

const compileAdvice = 'local data is not compiled: run `node tools/setup/compile-data.ts`';

function openCompiled(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new Error(`${compileAdvice} (${path} cannot be opened)`, { cause });
  }
}

function readHeader(descriptor: number, path: string): { sections: Sections; dataStart: number } {
  const start = Buffer.alloc(magic.length + 4);
  const bytesRead = readSync(descriptor, start, 0, start.byteLength, 0);
  if (bytesRead < start.byteLength || start.toString('latin1', 0, magic.length) !== magic) {
    closeSync(descriptor);
    throw new Error(`${compileAdvice} (${path} is not such a file)`);
  }
  const headerLength = start.readUInt32LE(magic.length);
  const header = Buffer.from(readFully(descriptor, start.byteLength, headerLength));
  return { sections: JSON.parse(header.toString()) as Sections, dataStart: start.byteLength + headerLength };
}

function readFully(descriptor: number, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, bytes, done, length - done, position + done);
    if (count === 0) throw new Error(compileAdvice);
    done += count;
  }
  return bytes;
}
