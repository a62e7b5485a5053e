import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@universal-api/database/testing';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { resolveHomes } from '@universal-api/providers-router';
import { providerEntries } from '@universal-api/search/compose';
import { readConfig, startProduct } from '@universal-api/standalone/compose';
import { createMetrics } from '@universal-api/telemetry';
import { findFixtures, simulatedEnvironment, startSimulator, type ProfileTexts, type Simulator } from '../src/index.ts';

/** The product over the simulator, on free ports and a database of its own. */
export interface SimulatedProduct {
  readonly simulator: Simulator;
  /** GET with the first key, below `/api/v1`. */
  get(path: string): Promise<Answer>;
  stop(): Promise<void>;
}

/** What a call answered, as far as stories look at it. */
export interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly meta: { readonly provider: string; readonly attempts: readonly Attempt[] };
}

interface Attempt {
  readonly provider: string;
  readonly outcome: string;
  readonly code: string;
}

/** What a product is led by. */
export interface SimulatedProductOptions {
  readonly profiles: ProfileTexts;
  /** `declared`: as manifests say; `none`: hosts are set one by one, as an operator's own servers, which have no quotas. */
  readonly quotas: 'declared' | 'none';
}

export async function startSimulatedProduct({ profiles, quotas }: SimulatedProductOptions): Promise<SimulatedProduct> {
  const simulator = await startSimulator({ fixtures: await findFixtures(), profiles, seed: 7 });
  const database = await createTestDatabase({ schemas: [] });
  const folder = mkdtempSync(join(tmpdir(), 'uapi-simulated-'));
  const { UAPI_SIMULATOR_URL, ...keys } = simulatedEnvironment({}, simulator.url, providerEntries);
  const config = readConfig({
    PORT: '0',
    OPS_PORT: '0',
    UAPI_SEARCH_ADDR: '127.0.0.1:0',
    UAPI_AUTH_ADDR: '127.0.0.1:0',
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    DRAIN_S: '2',
    ...keys,
    ...(quotas === 'declared' ? { UAPI_SIMULATOR_URL } : ownServers(simulator.url)),
  });
  const host = {
    log: silentLogger,
    metrics: createMetrics({ version: 'test' }),
    version: 'test',
    build: 'test',
    now: Date.now,
    newId,
  };
  let key = '';
  const product = await startProduct(config, host, (line) => {
    key = /uapi_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}/.exec(line)?.[0] ?? key;
  });
  return {
    simulator,
    async get(path) {
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetch(`${product.url}/api/v1${path}`, { headers });
      return { ...((await response.json()) as Omit<Answer, 'status'>), status: response.status };
    },
    async stop() {
      await product.stop(2_000);
      await database.drop();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ownServers(url: string): Record<string, string> {
  const hosts = resolveHomes(providerEntries).flatMap(({ manifest: { id, hosts: names } }) =>
    Object.keys(names).map((name) => [`${id}_${name}_URL`.toUpperCase(), `${url}/${id}/${name}`]),
  );
  return Object.fromEntries(hosts);
}
