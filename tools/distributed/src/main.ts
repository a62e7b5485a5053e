import { ConfigError } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { fileURLToPath } from 'node:url';
import { unreadVariables } from './apps/read-variables.ts';
import { readStarterConfig, starterVariables } from './config.ts';
import { startDistributed } from './start-distributed.ts';

/** `npm run start:distributed`: PostgreSQL, Redis, Kafka, and each app as a process of its own, until a signal. */
const root = fileURLToPath(new URL('../../..', import.meta.url));

const say = (text: string) =>
  new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });

/** A signal, or the death of the set-up process that started us, ends everything in order, at any moment. */
function listenForEnd(): AbortSignal {
  const aborter = new AbortController();
  const stop = () => aborter.abort(new AppError('cancelled', { internal: 'Stopped while starting.' }));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  process.once('disconnect', stop);
  // It has died while our files were read.
  if (process.connected === false) stop();
  return aborter.signal;
}

async function main(): Promise<number> {
  const signal = listenForEnd();
  // Whoever read our lines may be gone; the apps still have to be ended in order.
  process.stdout.on('error', () => {});
  const config = readStarterConfig(process.env);
  for (const name of unreadVariables(process.env, Object.keys(starterVariables.shape))) {
    await say(`${name} is set, but nothing reads a variable of that name.\n`);
  }
  const product = await startDistributed({ config, environment: process.env, root, say, signal });
  const alive = setInterval(() => {}, 60_000);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  clearInterval(alive);
  await product.stop();
  await say('Stopped.\n').catch(() => {}); // Nobody reads it.
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
process.exit();
