import { resolveHomes } from '@universal-api/providers-router';
import { providerEntries } from '@universal-api/search/compose';
import { startTestProduct } from '@universal-api/standalone/testing';
import { findFixtures, simulatedEnvironment, startSimulator, type ProfileTexts, type Simulator } from '../src/index.ts';

/** The product over the simulator, on free ports and a database of its own, as `UAPI_TEST_STACK` says. */
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

/** Starts both; the product runs as `UAPI_TEST_STACK` says. */
export async function startSimulatedProduct({ profiles, quotas }: SimulatedProductOptions): Promise<SimulatedProduct> {
  const simulator = await startSimulator({ fixtures: await findFixtures(), profiles, seed: 7 });
  const { UAPI_SIMULATOR_URL = '', ...keys } = simulatedEnvironment({}, simulator.url, providerEntries);
  const product = await startTestProduct({
    UAPI_EGRESS: 'all',
    ...keys,
    ...(quotas === 'declared' ? { UAPI_SIMULATOR_URL } : ownServers(simulator.url)),
  });
  return {
    simulator,
    async get(path) {
      const response = await product.getWithKey(`/api/v1${path}`);
      return { ...((await response.json()) as Omit<Answer, 'status'>), status: response.status };
    },
    async stop() {
      await product.stop();
      await simulator.close();
    },
  };
}

function ownServers(url: string): Record<string, string> {
  const hosts = resolveHomes(providerEntries).flatMap(({ manifest: { id, hosts: names } }) =>
    Object.keys(names).map((name) => [`${id}_${name}_URL`.toUpperCase(), `${url}/${id}/${name}`]),
  );
  return Object.fromEntries(hosts);
}
