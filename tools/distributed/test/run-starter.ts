import { parentOf } from '@universal-api/infra';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** `npm run start:distributed` as a process of its own. */
export interface Starter {
  readonly child: ChildProcess;
  /** All that it printed. */
  output(): string;
  /** Resolves with the output once it says so; rejects with the output when it ends before. */
  until(text: string): Promise<string>;
  /** Its exit code and the signal that ended it, once it has ended. */
  readonly closed: Promise<unknown[]>;
  /** Sends a signal and waits for that. */
  end(signal: NodeJS.Signals): Promise<unknown[]>;
}

/** Nothing of a test run reaches it; every port is a free one unless told. */
export function runStarter(environment: Readonly<Record<string, string>>): Starter {
  const services = ['AUTH', 'SEARCH', 'VIDEO', 'ASSISTANT', 'ANALYTICS', 'WEBHOOK'];
  const free = Object.fromEntries(services.map((name) => [`UAPI_${name}_ADDR`, '127.0.0.1:0']));
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], ...free, PORT: '0', OPS_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const changed = new EventTarget();
  const add = (chunk: Buffer) => {
    text += chunk.toString();
    changed.dispatchEvent(new Event('change'));
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const closed = once(child, 'close');
  void closed.then(() => changed.dispatchEvent(new Event('change')));
  return {
    child,
    closed,
    output: () => text,
    async until(wanted) {
      while (!text.includes(wanted)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended:\n${text}`);
        await once(changed, 'change');
      }
      return text;
    },
    end(signal) {
      child.kill(signal);
      return closed;
    },
  };
}

/** One process, and the command that it runs. */
export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** The living processes below one, zombies left out. */
export function processesBelow(root: number): FoundProcess[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isSafeInteger(pid) && isBelow(pid, root))
    .flatMap((pid) => readProcess(pid) ?? []);
}

/** Those of them that still live and still run that command. */
export function stillLiving(processes: readonly FoundProcess[]): FoundProcess[] {
  return processes.filter(({ pid, command }) => readProcess(pid)?.command === command);
}

function isBelow(pid: number, root: number): boolean {
  for (let at = parentOf(pid); at !== undefined && at > 1; at = parentOf(at)) if (at === root) return true;
  return false;
}

function readProcess(pid: number): FoundProcess | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // A zombie has no command line.
    return command === '' ? undefined : { pid, command };
  } catch {
    return undefined; // Gone meanwhile.
  }
}
