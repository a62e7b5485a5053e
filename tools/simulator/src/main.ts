import { providerEntries } from '@universal-api/search/compose';
import { defaultProfiles } from './profile/default-profiles.ts';
import { findFixtures } from './find-fixtures.ts';
import { readOptions, usage } from './read-options.ts';
import { startSimulator } from './start-simulator.ts';

/** The simulator on its own, until a signal. */
async function main(): Promise<void> {
  const { port, host, seed, profiles } = readOptions(process.argv.slice(2), 9900);
  const simulator = await startSimulator({
    fixtures: await findFixtures(),
    profiles: { ...defaultProfiles(providerEntries), ...profiles },
    seed,
    port,
    host,
  });
  console.log(`The simulator plays every remote provider at ${simulator.url} (seed ${seed}).`);
  console.log(`  UAPI_SIMULATOR_URL=${simulator.url} npm start`);
  console.log(`  curl ${simulator.url}/_control/profiles`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, resolve);
  });
  await simulator.close();
}

try {
  await main();
  process.exit();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
