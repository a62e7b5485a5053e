// T09 to T11 through the whole product, with password hashes at full strength: counts and states; times are for the bench.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, enter, freshAddress, trustedProxy, type Answer } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

const isShort = process.env['FAULTS'] === 'short';
const perKind = isShort ? 30 : 300;
const flood = isShort ? 100 : 500;
/** So many logins of one account an hour; one more is another case. */
const mostPerAccount = 20;
/** A hash takes a tenth of a second on one of two cores that others use too. */
const longMs = 180_000;

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct(trustedProxy);
}, 60_000);
afterAll(() => product?.stop());

const stranger = () => `s${randomBytes(6).toString('hex')}@example.com`;
const logIn = (email: string, password: string, from: string) =>
  ask(product, '/auth/login', { json: { email, password }, from });

/** All that a caller can tell two answers apart by. */
function faceOf({ status, headers, body }: Answer): string {
  const own = /^(date|x-request-id|ratelimit.*|connection|keep-alive)$/;
  const shown = [...headers].filter(([name]) => !own.test(name)).sort();
  return JSON.stringify([status, shown, { ...body, request_id: '' }]);
}

/** Runs work over a list, a few at a time. */
async function overAll<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += 4) results.push(...(await Promise.all(items.slice(at, at + 4).map(work))));
  return results;
}

describe('who guesses', () => {
  test(
    'T09 cannot tell an unknown user from a wrong password by anything that is answered',
    async () => {
      const known: string[] = [];
      for (let made = 0; made < Math.ceil(perKind / mostPerAccount); made += 1)
        known.push((await enter(product)).email);
      const attempts = Array.from({ length: perKind }, (_, at) => [
        { kind: 'known' as const, email: known[at % known.length] ?? '' },
        { kind: 'unknown' as const, email: stranger() },
      ]).flat();
      // In an order that follows neither kind nor account, and is the same in each run.
      const shuffled = attempts.map((attempt, at) => ({ attempt, rank: (at * 7_919) % attempts.length }));
      shuffled.sort((a, b) => a.rank - b.rank);
      const faces = { known: new Set<string>(), unknown: new Set<string>() };
      await overAll(shuffled, async ({ attempt: { kind, email } }) => {
        const answer = await logIn(email, 'not the password', freshAddress());
        expect([answer.status, answer.body['code']]).toEqual([401, 'invalid_credentials']);
        faces[kind].add(faceOf(answer));
      });
      expect(faces.known.size).toBe(1);
      expect(faces.unknown).toEqual(faces.known);
    },
    longMs,
  );

  test(
    'T10 from one address gets five answers in 15 minutes, while the owner gets in from another',
    async () => {
      const { email, password } = await enter(product);
      const from = freshAddress();
      const answers = await overAll(Array.from({ length: 100 }), () => logIn(email, 'not the password', from));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited).toHaveLength(95);
      for (const { headers, body } of limited) {
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        // The gateway's own limit by address comes before it, after 60 calls in a minute.
        expect([['login-pair'], ['ip-min']]).toContainEqual(body['violated-policies']);
      }
      expect((await logIn(email, password, freshAddress())).status).toBe(200);
    },
    longMs,
  );

  test(
    'T10 from 100 addresses at one account gets 20 answers in an hour',
    async () => {
      const { email } = await enter(product);
      const answers = await overAll(Array.from({ length: 100 }), () =>
        logIn(email, 'not the password', freshAddress()),
      );
      // The login of `enter` gave its charge back.
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(80);
    },
    longMs,
  );
});

test(
  'T11 a flood of logins is answered or told to come back, takes little memory, and calls with a key go on',
  async () => {
    const before = process.memoryUsage().rss;
    const logins = Promise.all(
      Array.from({ length: flood }, () => logIn(stranger(), 'not the password', freshAddress())),
    );
    let isOver = false;
    const ended = logins.finally(() => (isOver = true));
    const keyed: number[] = [];
    while (!isOver) keyed.push((await product.getWithKey('/api/v1/auth/me')).status);
    const answers = await ended;
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect(count(401) + count(503)).toBe(flood);
    expect(count(401)).toBeGreaterThanOrEqual(33);
    expect(count(503)).toBeGreaterThan(0);
    for (const { status, headers, body } of answers) {
      if (status !== 503) continue;
      expect(body['code']).toBe('overloaded');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(keyed.length).toBeGreaterThan(0);
    expect(new Set(keyed)).toEqual(new Set([200]));
    expect(process.memoryUsage().rss - before).toBeLessThanOrEqual(128 * 1024 * 1024);
  },
  longMs,
);
