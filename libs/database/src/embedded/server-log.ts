import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';

/** `pg.log`, as this start sees it. */
export interface ServerLog {
  readonly file: string;
  /** For the programs to write to; appends. */
  readonly descriptor: number;
  /** What was written since it was opened. */
  written(): string;
  /** The last line with a reason in it, to end a sentence with. */
  lastLine(): string;
  close(): void;
}

/** Opens the log (0600) for one start. */
export function openServerLog(file: string): ServerLog {
  const descriptor = openSync(file, 'a', 0o600);
  const start = fstatSync(descriptor).size;
  const written = () => readFileSync(file).subarray(start).toString('utf8');
  return {
    file,
    descriptor,
    written,
    lastLine() {
      const lines = written()
        .split('\n')
        .filter((line) => line.trim() !== '');
      return lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? 'It said nothing.';
    },
    close: () => closeSync(descriptor),
  };
}
