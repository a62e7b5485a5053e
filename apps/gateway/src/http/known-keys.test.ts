import { describe, expect, test } from '@jest/globals';
import { goodKey, unknownKey } from '../../test/start-test-gateway.ts';
import { createKnownKeys, type VerifiedKey } from './known-keys.ts';

/** Known keys over an `auth` whose answers the test gives when it wants. */
function setUp() {
  let now = 1_000;
  const asked: { key: string; answer: (verified: VerifiedKey | Error) => void }[] = [];
  const keys = createKnownKeys({
    lifeMs: 5_000,
    maxKeys: 3,
    clock: { now: () => now },
    verifyKey: (key) =>
      new Promise((resolve, reject) => {
        const answer = (verified: VerifiedKey | Error) =>
          verified instanceof Error ? reject(verified) : resolve(verified);
        asked.push({ key, answer });
      }),
  });
  return { keys, asked, wait: (ms: number) => (now += ms) };
}

const one = { text: 'one', id12: 'same' };
const other = { text: 'other', id12: 'same' };
const turn = () => new Promise(setImmediate);

describe('a key', () => {
  test('is asked about once, however many wait for it, and then for 5 s not at all', async () => {
    const { keys, asked, wait } = setUp();
    const waiting = [keys.find(one), keys.find(one), keys.find(one)];
    expect(keys.peek(one)).toBeUndefined();
    expect(asked).toHaveLength(1);
    asked[0]?.answer(goodKey);
    for (const caller of await Promise.all(waiting))
      expect(caller).toMatchObject({ typ: 'key', key: goodKey.lineageId });
    wait(4_999);
    expect(keys.peek(one)).toMatchObject({ tid: goodKey.tenantId });
    wait(1);
    expect(keys.peek(one)).toBeUndefined();
  });

  test('that nobody holds is remembered too', async () => {
    const { keys, asked } = setUp();
    const found = keys.find(one);
    asked[0]?.answer(unknownKey);
    expect(await found).toBeNull();
    expect(keys.peek(one)).toBeNull();
    expect(await keys.find(one)).toBeNull();
    expect(asked).toHaveLength(1);
  });

  test('never gets the answer about another secret under the same id, and waits for its turn', async () => {
    const { keys, asked } = setUp();
    const first = keys.find(one);
    const second = keys.find(other);
    await turn();
    expect(asked.map(({ key }) => key)).toEqual(['one']);
    asked[0]?.answer(goodKey);
    expect(await first).not.toBeNull();
    await turn();
    expect(asked.map(({ key }) => key)).toEqual(['one', 'other']);
    asked[1]?.answer(unknownKey);
    expect(await second).toBeNull();
  });

  test('that could not be verified is asked about again', async () => {
    const { keys, asked } = setUp();
    const failed = keys.find(one);
    asked[0]?.answer(new Error('away'));
    await expect(failed).rejects.toMatchObject({ code: 'service_unavailable' });
    const found = keys.find(one);
    asked[1]?.answer(goodKey);
    expect(await found).toMatchObject({ typ: 'key' });
  });

  test('of a plan that does not exist lets nobody in', async () => {
    const { keys, asked } = setUp();
    const found = keys.find(one);
    asked[0]?.answer({ ...goodKey, plan: 'gold' });
    await expect(found).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  test('is forgotten when too many came after it', async () => {
    const { keys, asked } = setUp();
    for (const text of ['a', 'b', 'c', 'd']) {
      const found = keys.find({ text, id12: text });
      asked.at(-1)?.answer(goodKey);
      await found;
    }
    expect(keys.peek({ text: 'a', id12: 'a' })).toBeUndefined();
    expect(keys.peek({ text: 'd', id12: 'd' })).toBeDefined();
  });
});
