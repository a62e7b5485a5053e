import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Writes a file of mode 0600 unless it is there; gives back whether it did. It appears whole or not at all, and of two that
 * write at once one wins and the other leaves it alone.
 */
export function writeIfAbsent(file: string, text: string): boolean {
  if (readIfPresent(file) !== undefined) return false;
  return withDraft(file, text, (draft) => {
    try {
      // A hard link never replaces what is there, a rename would.
      linkSync(draft, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/** Writes a file of mode 0600 unless it holds the text already; gives back whether it did. */
export function writeInPlace(file: string, text: string): boolean {
  if (readIfPresent(file) === text) return false;
  return withDraft(file, text, (draft) => {
    renameSync(draft, file);
    return true;
  });
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function withDraft(file: string, text: string, use: (draft: string) => boolean): boolean {
  const draft = `${file}.new.${process.pid}`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    return use(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}
