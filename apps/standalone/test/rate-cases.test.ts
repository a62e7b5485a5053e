import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { parseList } from 'structured-headers';
import { ask, enter, freshAddress, issueKey, trustedProxy, type Answer } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

const origin = 'https://app.example';
let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({
    ...trustedProxy,
    ANONYMOUS_ACCESS: 'on',
    CORS_ORIGINS: origin,
    RL_IP_MIN: '20/60',
    RL_QUICK_MIN: '4/2',
  });
}, 60_000);
afterAll(() => product.stop(), 60_000);

/** A rate header by an independent parser of structured fields (RFC 9651): items by name, with their parameters. */
function read(answer: Answer, name: 'ratelimit' | 'ratelimit-policy'): Map<string, Map<string, unknown>> {
  const header = answer.headers.get(name);
  if (header === null) return new Map();
  return new Map(parseList(header).map(([item, parameters]) => [String(item), parameters as Map<string, unknown>]));
}
const admitted = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;
const times = <Result>(count: number, call: (n: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, n) => call(n)));

test('T16 a refusal by one policy costs no other anything', async () => {
  const { accessToken: as } = await enter(product);
  const lower = (policy: string, q: number) =>
    ask(product, `/limits/overrides/${policy}`, { as, method: 'PUT', json: { q } });
  expect((await lower('key-min', 10)).status).toBe(200);
  expect((await lower('tenant-min', 5)).status).toBe(200);
  const { key } = await issueKey(product, as, ['data:read']);
  // The set-up used a little of the tenant's minute as well.
  const answers = await times(20, () => ask(product, '/countries/PE', { as: key }));
  const passed = admitted(answers);
  expect([4, 5]).toContain(passed);
  const refused = answers.filter(({ status }) => status === 429).at(-1);
  expect(refused?.body['violated-policies']).toEqual(['tenant-min']);
  const left = refused && Number(read(refused, 'ratelimit').get('key-min')?.get('r'));
  expect(left).toBe(10 - passed);
});

describe('T19 every rate header', () => {
  test('parses strictly, says no more than it may, and is there on refusals with all else', async () => {
    const { key } = await issueKey(product, (await enter(product)).accessToken, ['data:read', 'search:read']);
    const paths = ['/countries/PE', '/countries/XX', '/countries?page_size=0', '/search/categories'];
    const answers: Answer[] = [];
    for (let round = 0; round < 10; round++)
      answers.push(
        ...(await times(paths.length, (n) => ask(product, paths[n] ?? '', { as: key, headers: { origin } }))),
      );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400, 404, 429]));
    for (const answer of answers) {
      const [policies, limits] = [read(answer, 'ratelimit-policy'), read(answer, 'ratelimit')];
      expect(limits.size).toBeGreaterThan(0);
      for (const [name, state] of limits) {
        expect(Number(state.get('r'))).toBeLessThanOrEqual(Number(policies.get(name)?.get('q')));
        expect(Number(state.get('t'))).toBeLessThanOrEqual(Number(policies.get(name)?.get('w')));
      }
      if (answer.status !== 429) continue;
      const violated = answer.body['violated-policies'] as string[];
      for (const name of violated) {
        expect([...policies.keys()]).toContain(name);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(limits.get(name)?.get('t')));
      }
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('x-request-id')).toBeTruthy();
    }
  });

  test('a client that waits as long as it is told is admitted', async () => {
    const { key } = await issueKey(product, (await enter(product)).accessToken, ['search:read']);
    let waited = 0;
    for (let call = 0; call < 9; call++) {
      const answer = await ask(product, '/search/categories', { as: key });
      if (answer.status === 200) continue;
      waited++;
      await setTimeout(Number(answer.headers.get('retry-after')) * 1_000);
      expect((await ask(product, '/search/categories', { as: key })).status).toBe(200);
    }
    expect(waited).toBeGreaterThan(0);
  }, 30_000);
});

describe('T20 one caller has one bucket', () => {
  test('however a key is presented', async () => {
    const { accessToken: as } = await enter(product);
    expect((await ask(product, '/limits/overrides/lookup-min', { as, method: 'PUT', json: { q: 8 } })).status).toBe(
      200,
    );
    // Made after the override: a gateway hears of one with its next look at the key.
    const { key } = await issueKey(product, as, ['data:read']);
    const forms: readonly Readonly<Record<string, string>>[] = [
      { authorization: `Bearer ${key}` },
      { authorization: `bearer   ${key}` },
      { 'x-api-key': key },
    ];
    const answers = await times(24, (n) => ask(product, '/countries/PE', { headers: forms[n % 3] ?? {} }));
    expect(admitted(answers)).toBe(8);
    for (const authorization of [`n1 Bearer ${key}`, `Bearer ${key} more`, `Basic ${key}`]) {
      expect((await ask(product, '/countries/PE', { headers: { authorization } })).status).toBe(401);
    }
  });

  test('however an address is written, and whatever is forged in front of it', async () => {
    const anonymous = (from: string) => ask(product, '/countries/PE', { from });
    const network = await times(60, (n) => anonymous(`2001:db8:7:7::${(n + 1).toString(16)}`));
    expect(admitted(network)).toBe(20);
    const folded = freshAddress();
    const written = await times(40, (n) => anonymous(n % 2 === 0 ? folded : `::ffff:${folded}`));
    expect(admitted(written)).toBe(20);
    const behind = freshAddress();
    const forged = await times(40, (n) =>
      anonymous(
        `${Array.from({ length: n % 6 }, freshAddress)
          .concat(behind)
          .join(', ')}`,
      ),
    );
    expect(admitted(forged)).toBe(20);
  });
});
