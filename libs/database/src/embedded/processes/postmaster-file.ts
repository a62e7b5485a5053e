import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `postmaster.pid` says of the server that wrote it; it may be long dead. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `standby` or `stopping`; empty while the file is being written. */
  readonly status: string;
}

/** Reads the text of the file (line 1 pid, 4 port, 8 status); nothing when it is not even begun. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/** The file of the cluster in `home`; nothing when there is none. */
export function readPostmasterFile(home: string): PostmasterFile | undefined {
  return parsePostmasterFile(readIfThere(join(home, 'pg', 'postmaster.pid')));
}

/** The command line of the server that ran last, as it wrote it down itself. */
export function readPostmasterOptions(home: string): string {
  return readIfThere(join(home, 'pg', 'postmaster.opts'));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Absent, or taken away by a server that just ended: the same answer.
    return '';
  }
}
