import { type GuardedCommand, type GuardedProcess, startGuarded } from './process/guarded-process.ts';
import { leaveFolder, notePid } from './process/server-folder.ts';
import { waitUntil } from './process/wait-until.ts';

/** A running server that tests may break. Only ever the process that we started is touched. */
export interface Server {
  /** Of the process that runs now; another one after `restart`. */
  readonly pid: number;
  /** On 127.0.0.1; the same after `restart`. */
  readonly port: number;
  /** Where its data and its log are. */
  readonly folder: string;
  /** Ends it in an orderly way, or by force after its deadline, and removes its folder if that was made for it. */
  stop(): Promise<void>;
  /** Kills it (SIGKILL) and waits until it is gone; its folder stays for `restart`. */
  kill(): Promise<void>;
  /** Stops it from running without ending it (SIGSTOP): connections stay open and nothing answers. */
  freeze(): void;
  /** Lets a frozen one go on. */
  thaw(): void;
  /** Ends it if it lives, and starts it again on the same folder and port. Resolves once it answers. */
  restart(): Promise<void>;
}

/** How a kind of server is started and asked. */
export interface ServerPlan extends GuardedCommand {
  /** For messages: `Redis`, `Kafka`. */
  readonly name: string;
  readonly port: number;
  /**
   * Whether it answers; `printed` is what it has written to its log since it was started. The log has to say so too: on a port
   * that is taken another server answers.
   */
  isReady(printed: string): boolean | Promise<boolean>;
  /** Longest that a start may take. */
  readonly readyMs: number;
  /** Longest that an orderly end may take. */
  readonly stopMs: number;
}

/** Another program has taken the port between our look and the server's. */
export class PortTaken extends Error {}

/** Starts a server and waits until it answers. Errors: one sentence with the last line of its log. */
export async function startServer(plan: ServerPlan): Promise<Server> {
  let current = await launch(plan);
  const finish = async () => {
    // A frozen process takes no signal but this one and SIGKILL.
    current.signal('SIGCONT');
    if (!(await current.end('SIGTERM', plan.stopMs))) await kill();
  };
  const kill = async () => {
    if (!(await current.end('SIGKILL', 10_000))) throw new Error(`${plan.name} (pid ${current.pid}) does not end.`);
  };
  return {
    get pid() {
      return current.pid;
    },
    port: plan.port,
    folder: plan.folder.path,
    async stop() {
      await finish();
      leaveFolder(plan.folder);
    },
    kill,
    freeze: () => current.signal('SIGSTOP'),
    thaw: () => current.signal('SIGCONT'),
    async restart() {
      await finish();
      current = await launch(plan);
    },
  };
}

async function launch(plan: ServerPlan): Promise<GuardedProcess> {
  const started = await startGuarded(plan);
  const isUp = async () => started.ended() !== undefined || (await plan.isReady(started.printed()));
  const isInTime = await waitUntil(isUp, plan.readyMs);
  if (isInTime && started.ended() === undefined) {
    notePid(plan.folder, started.pid);
    return started;
  }
  const reason = started.ended() ?? 'too slow';
  await started.end('SIGKILL', 10_000);
  const printed = started.printed();
  const last = printed.trim().split('\n').at(-1) ?? '';
  const sentence = `${plan.name} did not start on port ${plan.port} (${reason}): ${last} See ${plan.logFile}.`;
  throw /address already in use|BindException/i.test(printed) ? new PortTaken(sentence) : new Error(sentence);
}
