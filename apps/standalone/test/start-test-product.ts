import { startDistributed } from './stack/start-distributed.ts';
import { startEmbedded } from './stack/start-embedded.ts';
import type { ProductEnvironment, TestProduct } from './stack/test-product.ts';

export type { SeenEvent, TestProduct } from './stack/test-product.ts';
export { untilEvents } from './stack/until-events.ts';

const stacks = { embedded: startEmbedded, distributed: startDistributed };

/**
 * Starts the product as `UAPI_TEST_STACK` says: `embedded` (in this process, as `npm start` does; so also when it is not set) or
 * `distributed` (one process per app, over Kafka, Redis and PostgreSQL). Nothing may leave the machine unless `environment` says
 * where to.
 */
export async function startTestProduct(environment: ProductEnvironment = {}): Promise<TestProduct> {
  const name = process.env['UAPI_TEST_STACK'] ?? 'embedded';
  if (!isStack(name)) throw new Error(`UAPI_TEST_STACK is ${name}; it is one of ${Object.keys(stacks).join(', ')}`);
  const stack = await stacks[name](environment);
  const get = (path: string, init?: RequestInit) => fetch(stack.url + path, init);
  const authorization = `Bearer ${stack.key}`;
  return {
    ...stack,
    get,
    getWithKey: (path, init) => get(path, { ...init, headers: { ...init?.headers, authorization } }),
  };
}

function isStack(name: string): name is keyof typeof stacks {
  return Object.hasOwn(stacks, name);
}
