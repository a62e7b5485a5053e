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
  try {
    const product = await startProduct(config, own.host, say);
    const drainMs = config.host.DRAIN_S * 1000;
    // The set-up process that started us passes signals on; when it dies without one, we end in order too.
    process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));
    const code = await runUntilSignal(product, {
      log: own.host.log,
      noticeMs: 0,
      drainMs,
      hardStopMs: config.host.HARD_STOP_S * 1000,
    });
    say('Stopped.');
    return code;
  } finally {
    own.flush();
  }
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
