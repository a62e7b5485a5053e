import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './run-stage.ts';

/** A program of an image that was started. */
export interface StartedProgram {
  readonly child: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Exit code; absent after a signal. */
  readonly ended: Promise<number | undefined>;
}

/** What a container would be given. */
export interface ProgramOptions {
  readonly bin: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a program in the working folder of an image, as its user and with nothing of our own environment. */
export function startInImage(stage: Stage, { bin, words, environment }: ProgramOptions): StartedProgram {
  const [command = '', ...rest] = words;
  const child = spawn(command, rest, {
    cwd: join(stage.folder, stage.workdir),
    env: { PATH: bin, ...stage.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...userOf(stage),
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, 'close').then(([code]) => (code as number | null) ?? undefined);
  return { child, output: () => Buffer.concat(chunks).toString(), ended };
}

/** Runs a program of an image to its end. Errors: `Error` with what it wrote, for any end but 0. */
export async function runInImage(stage: Stage, options: ProgramOptions): Promise<string> {
  const program = startInImage(stage, options);
  const code = await program.ended;
  if (code !== 0) throw new Error(`${options.words.join(' ')} ended with ${code}: ${program.output().trim()}`);
  return program.output();
}

/** The user of the image where we may become it; anybody but root is a user without rights already. */
function userOf({ user }: Stage): { uid?: number; gid?: number } {
  const [uid, gid] = (user ?? '').split(':').map(Number);
  return process.getuid?.() === 0 ? { uid, gid } : {};
}

/** Makes a folder that our own user may not write to; root's files are so for the user of the image already. */
export function makeUnwritable(folder: string): void {
  if (process.getuid?.() === 0) return;
  for (const path of pathsOf(folder)) chmodSync(path, lstatSync(path).mode & 0o555);
}

/** The opposite, so that the folder can be removed. */
export function makeWritable(folder: string): void {
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o755);
  for (const path of pathsOf(folder)) if (lstatSync(path).isDirectory()) chmodSync(path, 0o755);
}

function pathsOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [folder, ...names.map((name) => join(folder, name))].filter((path) => !lstatSync(path).isSymbolicLink());
}
