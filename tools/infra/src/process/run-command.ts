import { spawn } from 'node:child_process';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  /** After this it is killed and the command has failed. */
  readonly deadlineMs: number;
}

/** Runs a program to its end and gives back what it printed. Errors: one sentence with the last lines of its output. */
export async function runCommand(command: string, words: readonly string[], options: CommandOptions): Promise<string> {
  const child = spawn(command, words, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.deadlineMs,
    killSignal: 'SIGKILL',
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const end = await new Promise<string | number>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
  const text = Buffer.concat(output).toString();
  if (end === 0) return text;
  const lines = text.trim().split('\n').slice(-8).join('\n');
  throw new Error(`${[command, ...words].slice(0, 3).join(' ')} … failed (${end}):\n${lines}`);
}
