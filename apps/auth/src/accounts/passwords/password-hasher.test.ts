import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import fc from 'fast-check';
import { computeArgon, createPasswordHasher, defaultArgonCost, type Argon } from './password-hasher.ts';
import { readPhcString, toPhcString } from './phc-string.ts';

const weak = { memoryKib: 64, passes: 1, parallelism: 1, inFlight: 2, queued: 32 };

/** Hashes that end when the test says so. */
function heldArgon() {
  const open: (() => void)[] = [];
  const seen = { most: 0, running: 0 };
  const argon: Argon = async () => {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await new Promise<void>((resolve) => open.push(resolve));
    seen.running -= 1;
    return Buffer.alloc(32);
  };
  return { argon, seen, release: () => open.splice(0).forEach((resolve) => resolve()) };
}

describe('a password', () => {
  test('is known again, another one is not, and without a stored one the answer is no', async () => {
    const hasher = createPasswordHasher(weak);
    const stored = await hasher.hash('correct horse battery');
    expect(await hasher.check('correct horse battery', stored)).toEqual({ isRight: true, isOutdated: false });
    for (const other of ['correct horse batterx', 'Correct horse battery', '', 'correct horse battery ']) {
      expect(await hasher.check(other, stored)).toEqual({ isRight: false, isOutdated: false });
    }
    for (const nothing of [
      undefined,
      '',
      'correct horse battery',
      '$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA',
    ]) {
      expect((await hasher.check('correct horse battery', nothing)).isRight).toBe(false);
    }
  });

  test('is hashed with a salt of its own, at the strength of today', async () => {
    const hasher = createPasswordHasher({ ...weak, ...defaultArgonCost });
    const [first, second] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(second).not.toBe(first);
  });

  test('without a stored hash costs one computation at the same strength', async () => {
    const costs: unknown[] = [];
    const argon: Argon = (password, salt, cost) => {
      const { memoryKib, passes, parallelism } = cost;
      costs.push({ memoryKib, passes, parallelism, saltBytes: salt.length });
      return computeArgon(password, salt, cost);
    };
    const hasher = createPasswordHasher(weak, argon);
    const stored = await hasher.hash('correct horse battery');
    costs.splice(0);
    await hasher.check('wrong', stored);
    await hasher.check('wrong', undefined);
    expect(costs).toHaveLength(2);
    expect(costs[1]).toEqual(costs[0]);
  });

  test('hashed at a lower cost is outdated, at a higher one it is not', async () => {
    const stored = await createPasswordHasher(weak).hash('correct horse battery');
    const check = (change: object) =>
      createPasswordHasher({ ...weak, ...change }).check('correct horse battery', stored);
    expect(await check({ memoryKib: 65 })).toEqual({ isRight: true, isOutdated: true });
    expect(await check({ passes: 2 })).toEqual({ isRight: true, isOutdated: true });
    expect(await check({ memoryKib: 32 })).toEqual({ isRight: true, isOutdated: false });
  });

  test('what the platform computes is argon2id, by a known answer of the reference implementation', async () => {
    // test.c of phc-winner-argon2: version 0x13, t = 2, m = 2^16, p = 1.
    const tag = await computeArgon('password', Buffer.from('somesalt'), {
      memoryKib: 65_536,
      passes: 2,
      parallelism: 1,
    });
    expect(tag.toString('hex')).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });
});

describe('many at once', () => {
  test('T11 of 500, two are computed, 32 wait, and 466 are told to come back in 2 s before any other ends', async () => {
    const { argon, seen, release } = heldArgon();
    const hasher = createPasswordHasher(weak, argon);
    const answers = Array.from({ length: 500 }, () =>
      hasher.check('wrong', undefined).then(
        () => 'hashed' as const,
        (error: unknown) => AppError.from(error),
      ),
    );
    const refused = await Promise.all(answers.slice(34));
    expect(hasher.load()).toEqual({ running: 2, waiting: 32 });
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'overloaded', details: { retryAfterS: 2 } });
    }
    while (hasher.load().running > 0) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(answers.slice(0, 34))).toEqual(Array(34).fill('hashed'));
    expect(seen.most).toBe(2);
  });

  test('whoever leaves gives up the place in the queue', async () => {
    const { argon, release } = heldArgon();
    const hasher = createPasswordHasher({ ...weak, inFlight: 1, queued: 1 }, argon);
    const first = hasher.hash('a');
    const left = new AbortController();
    const second = hasher.hash('b', left.signal);
    left.abort(new AppError('cancelled'));
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(hasher.load()).toEqual({ running: 1, waiting: 0 });
    const third = hasher.hash('c');
    expect(hasher.load()).toEqual({ running: 1, waiting: 1 });
    release();
    await first;
    release();
    await third;
  });
});

test('a PHC string comes back as the hash it was made of', () => {
  const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 64 }).map((array) => Buffer.from(array));
  const cost = { memoryKib: fc.nat(1_048_576), passes: fc.nat(100), parallelism: fc.nat(16) };
  fc.assert(
    fc.property(fc.record({ ...cost, salt: bytes(9), tag: bytes(16) }), (hash) => {
      expect(readPhcString(toPhcString(hash))).toEqual(hash);
    }),
  );
  for (const text of ['', 'password', '$argon2id$v=16$m=1,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA']) {
    expect(readPhcString(text)).toBeUndefined();
  }
});
