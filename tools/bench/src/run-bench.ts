import { openDatabase, prepareDatabase, sql, startEmbeddedPostgres, withClient } from '@universal-api/database';
import { defaultTenantId } from '@universal-api/ids';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAuth } from './auth-bench.ts';
import { compareBrokers } from './compare-brokers.ts';
import { compareHops } from './compare-hops.ts';
import { startProcess, type MeasuredProcess } from './measured-process.ts';
import { compareSearches } from './search-bench.ts';

/**
 * `npm run bench [-- hops|auth|search|brokers ...]`: CPU time per request of the product beside bare baselines, all in one
 * run. Not a test: a figure that misses its target is printed as missed, and the exit code says so.
 */
const parts = process.argv.slice(2);
const isMeant = (part: string) => parts.length === 0 || parts.includes(part);
const folder = mkdtempSync(join(tmpdir(), 'uapi-bench-'));
const running: { stop(): Promise<void> }[] = [];
const start = async (file: string, environment?: Record<string, string>): Promise<MeasuredProcess> => {
  const child = await startProcess(file, environment);
  running.push(child);
  return child;
};

/** Every rate policy raised far above the load, so that each is evaluated and none refuses. */
const raised = Object.fromEntries(
  ['KEY_MIN', 'USER_MIN', 'TENANT_MIN', 'TENANT_HOUR', 'LOOKUP_MIN', 'LOOKUP_HOUR'].map((name) => [
    `RL_${name}`,
    `100000000/${name.endsWith('HOUR') ? 3600 : 60}`,
  ]),
);

try {
  const postgres = await startEmbeddedPostgres({ folder, port: 0 });
  running.push(postgres);
  const login = { login: 'uapi', password: 'bench-only-password', database: 'uapi' };
  const url = await prepareDatabase(postgres.adminUrl(), login);
  const upstream = await start('./upstream.ts');
  const base = String(upstream.ready['url']);
  const product = await start('./product.ts', {
    DATABASE_URL: url,
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    OPS_PORT: '0',
    UAPI_SEARCH_ADDR: '127.0.0.1:0',
    UAPI_AUTH_ADDR: '127.0.0.1:0',
    OPEN_METEO_BASE_URL: base,
    OPEN_METEO_CUSTOMER_URL: base,
    TRUSTED_PROXIES: '127.0.0.1/32',
    ...raised,
  });
  const idleMb = product.rssMb();
  await makePro(url, postgres.adminUrl());
  const hop = await start('./bare-hop.ts', { UPSTREAM: base });
  const forward = await start('./bare-forward.ts', { UPSTREAM: base });
  const isMet = !isMeant('hops') || (await compareHops({ product, hop, forward }));
  console.log(`\nmemory of the product's process, idle: ${idleMb.toFixed(0)} MB RSS (target ≤ 300)`);
  const isAuthMet = !isMeant('auth') || (await compareAuth(product));
  const isSearchMet = !isMeant('search') || (await compareSearches());
  const areBrokersMet = !isMeant('brokers') || (await compareBrokers());
  process.exitCode = isMet && isAuthMet && isSearchMet && areBrokersMet && idleMb <= 300 ? 0 : 1;
} finally {
  for (const part of running.reverse()) await part.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The bootstrap tenant has no rate policies and no quota; a `pro` one has all of them, and here a quota that lasts. */
async function makePro(url: string, adminUrl: string): Promise<void> {
  const database = openDatabase<object>({ url, role: 'auth_app', poolSize: 1 });
  await database.transaction(defaultTenantId, (tx) =>
    sql`UPDATE tenants SET plan = 'pro' WHERE tenant_id = ${defaultTenantId}`.execute(tx),
  );
  await database.close();
  const admin = new URL(adminUrl);
  admin.pathname = new URL(url).pathname;
  await withClient(admin.href, (client) =>
    client.query(`UPDATE auth.plans SET calls_per_day = 1000000000 WHERE plan = 'pro'`),
  );
}
