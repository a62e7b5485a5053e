import { createTestDatabase } from '@universal-api/database/testing';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startProduct } from '../src/compose.ts';

/** The product on free ports and a database of its own, as `npm start` composes it. */
export interface TestProduct {
  readonly url: string;
  /** The first key: tenant `default`, plan `unlimited`. */
  readonly key: string;
  readonly databaseUrl: string;
  readonly operationsUrl: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** With the first key. */
  getWithKey(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts it; nothing may leave the machine unless `environment` says where to. */
export async function startTestProduct(environment: Record<string, string> = {}): Promise<TestProduct> {
  const database = await createTestDatabase({ schemas: [] });
  const folder = mkdtempSync(join(tmpdir(), 'uapi-product-'));
  const config = readConfig({
    PORT: '0',
    OPS_PORT: '0',
    UAPI_SEARCH_ADDR: '127.0.0.1:0',
    UAPI_AUTH_ADDR: '127.0.0.1:0',
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    UAPI_EGRESS: 'none',
    DRAIN_S: '2',
    ...environment,
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
  const get = (path: string, init?: RequestInit) => fetch(product.url + path, init);
  return {
    url: product.url,
    key,
    databaseUrl: database.url,
    operationsUrl: `http://127.0.0.1:${product.ports.operations}`,
    get,
    getWithKey: (path, init) => get(path, { ...init, headers: { ...init?.headers, authorization: `Bearer ${key}` } }),
    async stop() {
      await product.stop(2_000);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
