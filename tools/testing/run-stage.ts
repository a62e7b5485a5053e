import { type ChildProcess, spawn } from 'node:child_process';

/** Runs the parts of a test run one after another; ends the running one when the run is asked to end. */
export interface Stages {
  /** Runs a program to its end and gives back its exit code; 1 without running it once the run was asked to end. */
  run(command: string, words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<number>;
}

/** Listens for Ctrl-C, for the end of the program that started us, and for a polite kill. */
export function createStages(root: string): Stages {
  let current: ChildProcess | undefined;
  let isEnding = false;
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) {
    process.on(event, () => {
      isEnding = true;
      current?.kill(event === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    });
  }
  return {
    async run(command, words, environment = {}) {
      if (isEnding) return 1;
      const child = spawn(command, words, {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...environment },
      });
      current = child;
      return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (status) => resolve(status ?? 1));
      });
    },
  };
}
