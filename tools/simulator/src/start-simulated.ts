import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { providerEntries } from '@universal-api/search/compose';
import { defaultProfiles } from './profile/default-profiles.ts';
import { findFixtures } from './find-fixtures.ts';
import { readOptions } from './read-options.ts';
import { simulatedEnvironment } from './simulated-environment.ts';
import { startSimulator, type Simulator } from './start-simulator.ts';

const product = fileURLToPath(new URL('../../../apps/standalone/src/main.ts', import.meta.url));

/** The simulator in this process, and the product in one of its own that is led to it; both end together. */
async function main(): Promise<number> {
  const { port, seed, profiles } = readOptions(process.argv.slice(2), 0);
  const simulator = await startSimulator({
    fixtures: await findFixtures(),
    profiles: { ...defaultProfiles(providerEntries), ...profiles },
    seed,
    port,
  });
  console.log(`Providers are simulated at ${simulator.url} (seed ${seed}): ${simulator.url}/_control/profiles`);
  try {
    return await runProduct(simulator);
  } finally {
    await simulator.close();
  }
}

async function runProduct({ url }: Simulator): Promise<number> {
  const child = fork(product, [], {
    env: simulatedEnvironment(process.env, url, providerEntries),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // It ends in its own order, at the first signal only; we wait for it, since it asks us until its end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void child.kill('SIGINT'));
  process.once('disconnect', () => void child.kill('SIGINT'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
