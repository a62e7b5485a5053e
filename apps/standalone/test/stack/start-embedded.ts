import { connectionBudget } from '@universal-api/database';
import { createTestDatabase } from '@universal-api/database/testing';
import { newId } from '@universal-api/ids';
import { createLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startProduct } from '../../src/compose.ts';
import { countOwnConnections } from './count-connections.ts';
import { dumpDatabase } from './dump-stores.ts';
import { openLoggedEvents } from './logged-events.ts';
import { keyPattern, type ProductEnvironment, type Stack } from './test-product.ts';

/** The product in this process, on free ports and a database of its own, as `npm start` composes it. */
export async function startEmbedded(environment: ProductEnvironment): Promise<Stack> {
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
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const host = {
    log: createLogger({
      service: 'test',
      instance: 'test',
      level: environment['LOG_LEVEL'] === 'debug' ? 'debug' : 'warn',
      destination,
    }),
    metrics: createMetrics({ version: 'test' }),
    version: 'test',
    build: 'test',
    now: Date.now,
    newId,
  };
  let key = '';
  const product = await startProduct(config, host, (line) => {
    key = keyPattern.exec(line)?.[0] ?? key;
  });
  const operationsUrl = `http://127.0.0.1:${product.ports.operations}`;
  const events = openLoggedEvents(database.url);
  return {
    url: product.url,
    key,
    operationsUrl,
    metrics: async () => (await fetch(`${operationsUrl}/metrics`)).text(),
    events,
    adminUrl: database.adminUrl,
    connections: async () => ({ open: await countOwnConnections(database.url), budget: connectionBudget }),
    kept: async () => [await dumpDatabase(database.adminUrl), ...lines].join('\n'),
    async stop() {
      await events.close();
      await product.stop(2_000);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
