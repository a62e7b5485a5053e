import { describe, expect, test } from '@jest/globals';
import { createRevocations } from '../watch/revocations.ts';
import { createKnownKeys, type VerifiedKey } from './known-keys.ts';

const goodKey: VerifiedKey = {
  valid: true,
  tenantId: 'tenant',
  userId: 'user',
  lineageId: 'lineage',
  keyId: 'key',
  scopes: ['data:read'],
  plan: 'free',
  mode: 'live',
  credentialPool: 'own',
  limits: {},
  ipAllow: [],
};
const unknownKey: VerifiedKey = { ...goodKey, valid: false };
const from = '192.0.2.1';

/** Known keys over an `auth` whose answers the test gives when it wants. */
function setUp() {
  let now = 1_000;
  const revocations = createRevocations(() => now);
  const asked: { key: string; address: string; answer: (verified: VerifiedKey | Error) => void }[] = [];
  const keys = createKnownKeys({
    lifeMs: 5_000,
    maxKeys: 3,
    clock: { now: () => now },
    revocations,
    verifyKey: (key, address) =>
      new Promise((resolve, reject) => {
        const answer = (verified: VerifiedKey | Error) =>
          verified instanceof Error ? reject(verified) : resolve(verified);
        asked.push({ key, address, answer });
      }),
  });
  return { keys, asked, revocations, wait: (ms: number) => (now += ms) };
}

const one = { text: 'one', id12: 'same' };
const other = { text: 'other', id12: 'same' };
const turn = () => new Promise(setImmediate);

describe('a key', () => {
  test('is asked about once, however many wait for it, and then for 5 s not at all', async () => {
    const { keys, asked, wait } = setUp();
    const waiting = [keys.find(one, from), keys.find(one, from), keys.find(one, from)];
    expect(keys.peek(one, from)).toBeUndefined();
    expect(asked).toHaveLength(1);
    asked[0]?.answer(goodKey);
    for (const caller of await Promise.all(waiting))
      expect(caller).toMatchObject({ caller: { typ: 'key', key: goodKey.lineageId } });
    wait(4_999);
    expect(keys.peek(one, from)).toMatchObject({ caller: { tid: goodKey.tenantId } });
    wait(1);
    expect(keys.peek(one, from)).toBeUndefined();
  });

  test('that nobody holds is remembered too', async () => {
    const { keys, asked } = setUp();
    const found = keys.find(one, from);
    asked[0]?.answer(unknownKey);
    expect(await found).toBeNull();
    expect(keys.peek(one, from)).toBeNull();
    expect(await keys.find(one, from)).toBeNull();
    expect(asked).toHaveLength(1);
  });

  test('never gets the answer about another secret under the same id, and waits for its turn', async () => {
    const { keys, asked } = setUp();
    const first = keys.find(one, from);
    const second = keys.find(other, from);
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
    const failed = keys.find(one, from);
    asked[0]?.answer(new Error('away'));
    await expect(failed).rejects.toMatchObject({ code: 'service_unavailable' });
    const found = keys.find(one, from);
    asked[1]?.answer(goodKey);
    expect(await found).toMatchObject({ caller: { typ: 'key' } });
  });

  test('of a plan that does not exist lets nobody in', async () => {
    const { keys, asked } = setUp();
    const found = keys.find(one, from);
    asked[0]?.answer({ ...goodKey, plan: 'gold' });
    await expect(found).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  test('is forgotten when too many came after it', async () => {
    const { keys, asked } = setUp();
    for (const text of ['a', 'b', 'c', 'd']) {
      const found = keys.find({ text, id12: text }, from);
      asked.at(-1)?.answer(goodKey);
      await found;
    }
    expect(keys.peek({ text: 'a', id12: 'a' }, from)).toBeUndefined();
    expect(keys.peek({ text: 'd', id12: 'd' }, from)).toBeDefined();
  });

  test.each([
    ['key', 'key'],
    ['user', 'user'],
    ['user', 'user/tenant'],
    ['tenant', 'tenant'],
  ])('is asked about again once it is heard that its %s %s ended, and not for another', async (kind, id) => {
    const { keys, asked, revocations } = setUp();
    const found = keys.find(one, from);
    asked[0]?.answer(goodKey);
    await found;
    revocations.add(kind, `${id}-other`, 0);
    revocations.add('session', id, 0);
    expect(keys.peek(one, from)).toBeDefined();
    revocations.add(kind, id, 0);
    expect(keys.peek(one, from)).toBeUndefined();
    const again = keys.find(one, from);
    asked[1]?.answer(unknownKey);
    expect(await again).toBeNull();
  });

  test('whose end is heard while it is being asked about is asked about again', async () => {
    const { keys, asked, revocations } = setUp();
    const found = keys.find(one, from);
    revocations.add('key', 'key', 0);
    asked[0]?.answer(goodKey);
    await found;
    expect(keys.peek(one, from)).toBeUndefined();
  });

  test('is all forgotten when changes were missed', async () => {
    const { keys, asked, revocations } = setUp();
    const found = keys.find(one, from);
    asked[0]?.answer(goodKey);
    await found;
    revocations.forgetAll();
    expect(keys.peek(one, from)).toBeUndefined();
  });

  test('that is bound to networks is good from them and bad from elsewhere, without a question', async () => {
    const { keys, asked } = setUp();
    const found = keys.find(one, from);
    asked[0]?.answer({ ...goodKey, ipAllow: ['192.0.2.0/24'] });
    expect(await found).not.toBeNull();
    expect([keys.peek(one, '192.0.2.77') === null, keys.peek(one, '198.51.100.1')]).toEqual([false, null]);
    expect(await keys.find(one, '198.51.100.1')).toBeNull();
    expect(keys.peek(one, from)).toBeDefined();
    expect(asked).toHaveLength(1);
  });

  test('that was refused from one address is asked about from the next', async () => {
    const { keys, asked } = setUp();
    const refused = keys.find(one, '198.51.100.1');
    const waiting = keys.find(one, from);
    asked[0]?.answer(unknownKey);
    expect(await refused).toBeNull();
    await turn();
    expect(asked.map(({ address }) => address)).toEqual(['198.51.100.1', from]);
    asked[1]?.answer(goodKey);
    expect(await waiting).not.toBeNull();
    expect(keys.peek(one, '198.51.100.1')).not.toBeNull();
  });

  test('lives from the question on, not from the answer', async () => {
    const { keys, asked, wait } = setUp();
    const found = keys.find(one, from);
    wait(1_500);
    asked[0]?.answer(goodKey);
    await found;
    wait(3_499);
    expect(keys.peek(one, from)).toBeDefined();
    wait(1);
    expect(keys.peek(one, from)).toBeUndefined();
  });
});
