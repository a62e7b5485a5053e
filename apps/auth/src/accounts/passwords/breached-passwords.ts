import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

const hashLength = 40;
/** Enough for a hash and a count, on both sides of any byte. */
const windowBytes = 256;

/** A list of breached passwords that lies in a file. */
export interface BreachedPasswords {
  /** Whether the password is in it; reads a few dozen short pieces of the file. */
  has(password: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens such a list: SHA-1 in hex, sorted, one a line, a colon and more allowed behind it, as the lists of Pwned Passwords are.
 * It is searched by halving and never read whole, so that it may have any size. Errors: those of the file system; one sentence
 * for a file whose first line is no such hash.
 */
export async function openBreachedPasswords(path: string): Promise<BreachedPasswords> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const first = await readLine(file, 0, size);
  if (first === undefined || !/^[0-9A-F]{40}(?::|$)/.test(first.text)) {
    await file.close();
    throw new Error(`${path} is no list of SHA-1 hashes, one a line.`);
  }
  return {
    has: (password) => isListed(file, size, createHash('sha1').update(password).digest('hex').toUpperCase()),
    close: () => file.close(),
  };
}

interface Line {
  readonly text: string;
  /** Where the line after it begins. */
  readonly end: number;
}

async function isListed(file: FileHandle, size: number, wanted: string): Promise<boolean> {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await readLine(file, middle, size);
    if (line === undefined) {
      high = middle;
      continue;
    }
    const hash = line.text.slice(0, hashLength);
    if (hash === wanted) return true;
    if (hash < wanted) low = line.end;
    else high = middle;
  }
  return false;
}

/** The first line that begins at a byte or behind it; `undefined` if none does. */
async function readLine(file: FileHandle, from: number, size: number): Promise<Line | undefined> {
  // The byte before tells whether a line begins exactly here.
  const start = Math.max(from - 1, 0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(windowBytes), 0, windowBytes, start);
  const text = buffer.toString('latin1', 0, bytesRead);
  const skipped = from === 0 ? 0 : text.indexOf('\n') + 1;
  if ((from > 0 && skipped === 0) || start + skipped >= size) return undefined;
  const end = text.indexOf('\n', skipped);
  const line = text.slice(skipped, end === -1 ? undefined : end);
  return { text: line.trimEnd().toUpperCase(), end: end === -1 ? size : start + end + 1 };
}
