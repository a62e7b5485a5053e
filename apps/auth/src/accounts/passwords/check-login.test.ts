import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { newId, systemTenantId } from '@universal-api/ids';
import {
  actionsOf,
  goodPassword,
  openTestAccounts,
  registerPerson,
  type Registered,
  type TestAccounts,
} from '../../../test/accounts-fixture.ts';
import { computeArgon, type Argon } from './password-hasher.ts';

let opened: TestAccounts;
let person: Registered;
beforeAll(async () => {
  opened = await openTestAccounts();
  person = await registerPerson(opened.join());
}, 30_000);
afterAll(() => opened.drop());

function countHashes() {
  const seen = { hashes: 0 };
  const argon: Argon = (password, salt, cost) => {
    seen.hashes += 1;
    return computeArgon(password, salt, cost);
  };
  return { seen, argon };
}

/** What the caller is told, all of it. */
async function refusalOf(work: Promise<unknown>) {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!AppError.is(error)) throw error;
    return { code: error.code, ...error.details };
  }
}

const everyRate = { overrides: {} };
const minutes = (count: number) => count * 60_000;

describe('a login', () => {
  test('gives the user, whatever the case of the address and whichever way the password is composed', async () => {
    const { checkLogin } = opened.join();
    const typed = ` ${person.email.toUpperCase()} `;
    expect(await checkLogin({ email: typed, password: goodPassword, address: '::1' })).toMatchObject({
      userId: person.userId,
    });
    const accented = await registerPerson(opened.join());
    const { hasher } = opened.join();
    const phc = await hasher.hash('cafe\u0301 au lait');
    await opened.database.asUser(accented.userId, (tx) =>
      tx.updateTable('credentials').set({ data: phc }).where('kind', '=', 'password').execute(),
    );
    const composed = { email: accented.email, password: 'caf\u00e9 au lait', address: '::1' };
    expect(await checkLogin(composed)).toMatchObject({ userId: accented.userId });
  });

  test('T09 300 of unknown users and 300 with a bad password, shuffled, are told the same after the same number of hashes', async () => {
    const { seen, argon } = countHashes();
    const { checkLogin } = opened.join({ needs: { argon } });
    const people = await Promise.all(Array.from({ length: 15 }, () => registerPerson(opened.join())));
    const attempts = Array.from({ length: 600 }, (_, index) => ({
      isKnown: (index * 7919) % 600 < 300,
      known: people[index % people.length]?.email ?? '',
      unknown: `${newId()}@example.org`,
      address: `198.51.100.${index % 250}`,
    }));
    const told = { known: new Set<string>(), unknown: new Set<string>() };
    // A few at a time, as the queue of hashes is bounded.
    for (let at = 0; at < attempts.length; at += 20) {
      const answers = attempts.slice(at, at + 20).map(async ({ isKnown, known, unknown, address }) => {
        const refusal = await refusalOf(
          checkLogin({ email: isKnown ? known : unknown, password: 'wrong horse', address }),
        );
        (isKnown ? told.known : told.unknown).add(JSON.stringify(refusal));
      });
      await Promise.all(answers);
    }
    expect([...told.known]).toEqual([JSON.stringify({ code: 'invalid_credentials' })]);
    expect(told.unknown).toEqual(told.known);
    expect(seen.hashes).toBe(600);
  }, 60_000);

  test.each(['a\0b@example.org', '\0', '', '@', 'x'.repeat(254)])(
    'of %j, which is no address, is one of nobody',
    async (email) => {
      const { checkLogin } = opened.join();
      expect(await refusalOf(checkLogin({ email, password: goodPassword, address: '::1' }))).toEqual({
        code: 'invalid_credentials',
      });
    },
  );

  test('of a disabled account is told so to who has the password alone', async () => {
    const { checkLogin } = opened.join();
    const disabled = await registerPerson(opened.join());
    await opened.database.asUser(disabled.userId, (tx) =>
      tx.updateTable('users').set({ status: 'disabled' }).where('user_id', '=', disabled.userId).execute(),
    );
    const attempt = { email: disabled.email, address: '::1' };
    expect(await refusalOf(checkLogin({ ...attempt, password: 'wrong horse' }))).toEqual({
      code: 'invalid_credentials',
    });
    expect(await refusalOf(checkLogin({ ...attempt, password: goodPassword }))).toMatchObject({
      code: 'permission_denied',
    });
  });

  test('that is refused is on the chain of the person, or, of nobody, on that of the platform, without the address', async () => {
    const { checkLogin } = opened.join();
    const someone = await registerPerson(opened.join());
    await refusalOf(checkLogin({ email: someone.email, password: 'wrong horse', address: '::1' }));
    expect(await actionsOf(opened.database, someone.tenantId)).toEqual(['auth.user.registered', 'auth.login.refused']);
    const stranger = `${newId()}@example.org`;
    await refusalOf(checkLogin({ email: stranger, password: 'wrong horse', address: '::1' }));
    const rows = await opened.database.transaction(systemTenantId, (tx) =>
      tx.selectFrom('audit').selectAll().execute(),
    );
    const last = rows.at(-1);
    expect(last).toMatchObject({ action: 'auth.login.refused', outcome: 'refused', reason: 'unknown account' });
    expect(
      JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain(stranger);
  });

  test('hashes a password anew once the strength was raised, and only then', async () => {
    const someone = await registerPerson(opened.join());
    const read = () =>
      opened.database.asUser(someone.userId, (tx) =>
        tx.selectFrom('credentials').select('data').where('kind', '=', 'password').executeTakeFirstOrThrow(),
      );
    const before = await read();
    const attempt = { email: someone.email, password: goodPassword, address: '::1' };
    await opened.join().checkLogin(attempt);
    expect(await read()).toEqual(before);
    const hashing = { memoryKib: 128, passes: 2, parallelism: 1, inFlight: 1, queued: 4 };
    const stronger = opened.join({ needs: { hashing } });
    await stronger.checkLogin(attempt);
    expect((await read()).data).toMatch(/^\$argon2id\$v=19\$m=128,t=2,p=1\$/);
    expect(await stronger.checkLogin(attempt)).toMatchObject({ userId: someone.userId });
  });
});

describe('guessing', () => {
  test('T10 100 wrong passwords from one address cause 5 hashes, then 429 with a wait, and the owner gets in from another', async () => {
    const { seen, argon } = countHashes();
    const { checkLogin } = opened.join({ needs: { argon, ...everyRate } });
    const owner = await registerPerson(opened.join());
    const attempt = { email: owner.email, password: 'wrong horse', address: '203.0.113.9' };
    const refusals = await Promise.all(Array.from({ length: 100 }, () => refusalOf(checkLogin(attempt))));
    expect(seen.hashes).toBe(5);
    const limited = refusals.filter((refusal) => refusal?.code === 'quota_exceeded');
    expect(limited).toHaveLength(95);
    for (const { retryAfterS, violatedPolicies } of limited.flatMap((refusal) => refusal ?? [])) {
      expect(violatedPolicies).toEqual(['login-pair']);
      expect(retryAfterS).toBeGreaterThan(0);
      expect(retryAfterS).toBeLessThanOrEqual(905);
    }
    const fresh = { email: owner.email, password: goodPassword, address: '203.0.113.10' };
    expect(await checkLogin(fresh)).toMatchObject({ userId: owner.userId });
    // The right password does not help from the address that guessed, until a quarter of an hour is over.
    expect(await refusalOf(checkLogin({ ...attempt, password: goodPassword }))).toMatchObject({
      code: 'quota_exceeded',
    });
    // No unit comes back early: any quarter of an hour has five.
    opened.clock.ms += minutes(14);
    expect(await refusalOf(checkLogin(attempt))).toMatchObject({ code: 'quota_exceeded' });
    opened.clock.ms += minutes(1);
    expect(await checkLogin({ ...attempt, password: goodPassword })).toMatchObject({ userId: owner.userId });
  });

  test.each(['known', 'unknown'])('T10 100 addresses against one %s account cause 20 hashes an hour', async (kind) => {
    const { seen, argon } = countHashes();
    const { checkLogin } = opened.join({ needs: { argon, ...everyRate } });
    const email = kind === 'known' ? (await registerPerson(opened.join())).email : `${newId()}@example.org`;
    for (let host = 1; host <= 100; host += 1) {
      await refusalOf(checkLogin({ email, password: 'wrong horse', address: `198.51.100.${host}` }));
    }
    expect(seen.hashes).toBe(20);
  });

  test('one address gets 100 hashes an hour over all accounts, all of one /64 count as one', async () => {
    const { seen, argon } = countHashes();
    const { checkLogin } = opened.join({ needs: { argon, ...everyRate } });
    for (let at = 0; at < 120; at += 1) {
      const attempt = { email: `${newId()}@example.org`, password: 'wrong horse', address: `2001:db8::${at}` };
      await refusalOf(checkLogin(attempt));
    }
    expect(seen.hashes).toBe(100);
  });

  test('that the limits refuse is told in the chain once a minute, for the account and for the address', async () => {
    const { checkLogin } = opened.join({ needs: everyRate });
    const owner = await registerPerson(opened.join());
    const attempt = { email: owner.email, password: 'wrong horse', address: '203.0.113.77' };
    const told = async (tenantId: string) => {
      const rows = await opened.database.transaction(tenantId, (tx) =>
        tx.selectFrom('audit').select(['action', 'reason', 'outcome']).orderBy('seq').execute(),
      );
      return rows.filter(({ reason }) => reason?.startsWith('too many tries'));
    };
    const before = (await told(systemTenantId)).length;
    await Promise.all(Array.from({ length: 40 }, () => refusalOf(checkLogin(attempt))));
    const row = { action: 'auth.login.refused', outcome: 'refused', reason: 'too many tries (login-pair)' };
    expect(await told(owner.tenantId)).toEqual([row]);
    opened.clock.ms += 59_000;
    await refusalOf(checkLogin(attempt));
    expect(await told(owner.tenantId)).toEqual([row]);
    opened.clock.ms += 1_000;
    await refusalOf(checkLogin(attempt));
    expect(await told(owner.tenantId)).toEqual([row, row]);
    // Whoever makes up a new account each time writes no more: one row for the address.
    opened.clock.ms += minutes(1);
    for (let at = 0; at < 110; at += 1) {
      await refusalOf(checkLogin({ ...attempt, email: `${newId()}@example.org` }));
    }
    expect((await told(systemTenantId)).length).toBe(before + 1);
  });

  test('a right password costs nothing of the limits', async () => {
    const { checkLogin } = opened.join({ needs: everyRate });
    const attempt = { email: person.email, password: goodPassword, address: '192.0.2.1' };
    for (let turn = 0; turn < 25; turn += 1) await checkLogin(attempt);
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await refusalOf(checkLogin({ ...attempt, password: 'wrong horse' }))).toEqual({
        code: 'invalid_credentials',
      });
    }
    expect(await refusalOf(checkLogin(attempt))).toMatchObject({ code: 'quota_exceeded' });
  });

  test('what finds no place in the queue of hashes is told to come back and costs nothing of the limits', async () => {
    const hashing = { memoryKib: 64, passes: 1, parallelism: 1, inFlight: 1, queued: 0 };
    const hold = Promise.withResolvers<Buffer>();
    const { checkLogin, hasher } = opened.join({ needs: { hashing, argon: () => hold.promise, ...everyRate } });
    const attempt = { email: person.email, password: goodPassword, address: '192.0.2.2' };
    const first = refusalOf(checkLogin(attempt));
    while (hasher.load().running === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await refusalOf(checkLogin(attempt))).toMatchObject({ code: 'overloaded', retryAfterS: 2 });
    }
    hold.resolve(Buffer.alloc(32));
    expect(await first).toEqual({ code: 'invalid_credentials' });
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await refusalOf(checkLogin(attempt))).toEqual({ code: 'invalid_credentials' });
    }
    expect(await refusalOf(checkLogin(attempt))).toMatchObject({ code: 'quota_exceeded' });
  });
});

test('a known user is checked under the same limits as their logins', async () => {
  const { checkLogin, checkPassword } = opened.join({ needs: everyRate });
  const someone = await registerPerson(opened.join());
  await checkPassword({ userId: someone.userId, password: goodPassword, address: '192.0.2.3' });
  for (let turn = 0; turn < 5; turn += 1) {
    const again = { userId: someone.userId, password: 'wrong horse', address: '192.0.2.3' };
    expect(await refusalOf(checkPassword(again))).toEqual({ code: 'invalid_credentials' });
  }
  const login = { email: someone.email, password: goodPassword, address: '192.0.2.3' };
  expect(await refusalOf(checkLogin(login))).toMatchObject({ violatedPolicies: ['login-pair'] });
});
