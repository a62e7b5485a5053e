import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A program of the bench in a process of its own, so that its CPU time can be told from everyone else's. */
export interface MeasuredProcess {
  /** What it said of itself when it was ready. */
  readonly ready: Readonly<Record<string, string | number>>;
  /** CPU time used so far, user and system, all threads, ms. */
  cpuMs(): number;
  /** Resident memory, MB. */
  rssMb(): number;
  /** Sends a message and waits for the next one that comes back. */
  ask(message: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a program and waits for its one message, which says that it is ready. */
export async function startProcess(file: string, environment: Record<string, string> = {}): Promise<MeasuredProcess> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await firstMessage(child, file);
  const read = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    ready,
    // To the nanosecond; the ticks of `stat` are 10 ms, too coarse for short rounds.
    cpuMs: () =>
      readdirSync(`/proc/${child.pid}/task`)
        .map((thread) => Number(read(`task/${thread}/schedstat`).split(' ')[0]) / 1e6)
        .reduce((sum, ms) => sum + ms, 0),
    rssMb: () => Number(/VmRSS:\s+(\d+)/.exec(read('status'))?.[1]) / 1024,
    async ask(message) {
      child.send(message);
      const [answer] = (await once(child, 'message')) as [unknown];
      return answer;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

async function firstMessage(child: ChildProcess, file: string): Promise<Record<string, string | number>> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it was ready`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [Record<string, string | number>];
  ended.catch(() => {}); // It ends when we stop it.
  return message;
}
