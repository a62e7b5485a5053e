import { defaultProfiles, findFixtures, simulatedEnvironment, startSimulator } from '@universal-api/simulator';
import { providerEntries } from '@universal-api/search/compose';
import { openProcess, readConfig, startProduct } from '@universal-api/standalone/compose';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { acts } from './acts.ts';
import { lineOf, summarise, type Call } from './tally.ts';
import { createDraw, nextPath, type Draw } from './traffic.ts';

/**
 * `npm run demo`: the product over simulated providers, and seeded traffic in which one provider dies, stalls and comes
 * back. `--seconds` is its length, `--seed` the traffic; afterwards the product stays up to be looked at, unless `--exit`.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '7' },
    exit: { type: 'boolean' },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isSafeInteger(seed))
  throw new Error('usage: npm run demo -- [--seconds 60] [--seed 7] [--exit]');

const perSecond = 15;
const usual = defaultProfiles(providerEntries);
const folder = mkdtempSync(join(tmpdir(), 'uapi-demo-'));
const simulator = await startSimulator({ fixtures: await findFixtures(), profiles: usual, seed });
const config = readConfig(
  simulatedEnvironment({ ...process.env, DATA_DIR: folder, LOG_LEVEL: 'error' }, simulator.url, providerEntries),
);
const own = await openProcess(config.host);
let key = '';
const product = await startProduct(config, own.host, (line) => {
  key = /uapi_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}/.exec(line)?.[0] ?? key;
});

try {
  console.log(`The product runs at ${product.url}, its providers are simulated at ${simulator.url} (seed ${seed}).`);
  const draw = createDraw(seed);
  for (const act of acts) {
    simulator.setProfiles({ ...usual, ...act.profiles });
    console.log(`\n${act.title}: ${act.watch}`);
    console.log(`  ${lineOf(summarise(await send(draw, seconds / acts.length)))}`);
  }
  console.log(
    `\nLook at\n  ${product.url}/            what is running, and calls to try\n  ${product.url}/docs        the reference`,
  );
  console.log(
    `  http://127.0.0.1:${product.ports.operations}/metrics   uapi_provider_attempts_total: who was asked, and what came of it`,
  );
  console.log(`  ${simulator.url}/_control/stats   the same from the other side`);
  if (!values.exit) {
    console.log('\nIt stays up until Ctrl-C.');
    await untilInterrupted();
  }
} finally {
  await product.stop(1_000);
  await simulator.close();
  own.flush();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

/** Sends calls at a steady rate; those under way at the end are waited for. */
async function send(draw: Draw, forSeconds: number): Promise<Call[]> {
  const calls: Promise<Call>[] = [];
  const until = performance.now() + forSeconds * 1000;
  while (performance.now() < until) {
    calls.push(ask(nextPath(draw)));
    await setTimeout(1000 / perSecond);
  }
  return Promise.all(calls);
}

async function ask(path: string): Promise<Call> {
  const startedAt = performance.now();
  const response = await fetch(`${product.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
  const body = (await response.json()) as { meta?: { provider?: string } };
  return { path, status: response.status, ms: performance.now() - startedAt, provider: body.meta?.provider };
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });
}
