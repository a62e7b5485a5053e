import { ConfigError, unknownVariables } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { runUntilSignal } from '@universal-api/service';
import { openProcess } from './open-process.ts';
import { startProduct } from './compose.ts';
import { knownVariables, readConfig } from './read-config.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Starts the whole product in this process and runs it until a signal; answers the exit code. */
async function main(): Promise<number> {
  const config = readConfig(process.env);
  for (const name of unknownVariables(process.env, knownVariables())) {
    say(`${name} is set, but nothing reads a variable of that name.`);
  }
  const own = await openProcess(config.host);
  const early = stopWhileStarting();
  try {
    const product = await startProduct(config, own.host, say, early.signal);
    const drainMs = config.host.DRAIN_S * 1000;
    const running = runUntilSignal(product, {
      log: own.host.log,
      noticeMs: 0,
      drainMs,
      hardStopMs: config.host.HARD_STOP_S * 1000,
    });
    early.handOver();
    const code = await running;
    say('Stopped.');
    return code;
  } finally {
    own.flush();
  }
}

/**
 * A signal while everything starts ends the start in order: what runs already is stopped, PostgreSQL too. The set-up process
 * that started us passes signals on; when it dies without one, at any moment, that counts as one.
 */
function stopWhileStarting() {
  const aborter = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = () => aborter.abort(new AppError('cancelled', { internal: 'Stopped while starting.' }));
  for (const name of names) process.on(name, stop);
  const hasParent = process.connected === true;
  process.once('disconnect', stop);
  return {
    signal: aborter.signal,
    /** From here on `runUntilSignal` listens; what came between is handed on. */
    handOver() {
      for (const name of names) process.off(name, stop);
      process.off('disconnect', stop);
      const interrupt = () => void process.kill(process.pid, 'SIGINT');
      if (aborter.signal.aborted || (hasParent && !process.connected)) interrupt();
      else process.once('disconnect', interrupt);
    },
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError) && !AppError.is(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
// Nothing may keep a process alive that has ended its work; what it owned is closed by now.
process.exit();
