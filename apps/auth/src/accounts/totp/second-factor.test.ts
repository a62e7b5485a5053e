import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import { create } from '@universal-api/protos';
import {
  ConfirmTotpRequestSchema,
  DisableTotpRequestSchema,
  EnrolTotpRequestSchema,
  GetMeRequestSchema,
  RenewRecoveryCodesRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { Secret } from 'otpauth';
import {
  actionsOf,
  addSession,
  callBy,
  callOf,
  openTestAccounts,
  registerPerson,
  type Registered,
  type TestAccounts,
} from '../../../test/accounts-fixture.ts';
import { accountService } from '../account-service.ts';
import type { Accounts } from '../join-accounts.ts';
import { totpCodeAt } from './totp-codes.ts';

let opened: TestAccounts;
beforeAll(async () => {
  opened = await openTestAccounts();
}, 30_000);
afterAll(() => opened.drop());

const stepMs = 30_000;
const wrong = { code: 'invalid_credentials' };
const codeOf = (secret: Buffer, steps = 0) => totpCodeAt(secret, opened.clock.ms + steps * stepMs);
const enrol = async (accounts: Accounts, person: Registered) => {
  const answer = await accountService(accounts).enrolTotp(create(EnrolTotpRequestSchema), callOf(person));
  return { ...answer, key: Buffer.from(Secret.fromBase32(answer.secret ?? '').bytes) };
};
const confirm = (accounts: Accounts, person: Registered, code: string) =>
  accountService(accounts).confirmTotp(create(ConfirmTotpRequestSchema, { code }), callOf(person));
/** A person with a second factor, one step later. */
async function turnOn(accounts: Accounts) {
  const person = await registerPerson(accounts);
  const { key } = await enrol(accounts, person);
  const { codes } = await confirm(accounts, person, codeOf(key));
  opened.clock.ms += stepMs;
  return { person, key, codes: codes ?? [] };
}

describe('turning it on', () => {
  test('shows a secret of 160 bits as text, address and picture, which counts after a first code', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const shown = await enrol(accounts, person);
    expect(shown.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(shown.otpauthUri ?? '');
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe(`/Universal API:${person.email}`);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Universal API',
      secret: shown.secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(shown.qrSvg).toMatch(/^<svg /);
    const { secondFactor } = accounts;
    expect(await secondFactor.isOn(person.userId)).toBe(false);
    await expect(secondFactor.check(person.userId, codeOf(shown.key))).rejects.toMatchObject(wrong);
    await expect(confirm(accounts, person, codeOf(shown.key, 5))).rejects.toMatchObject(wrong);
    const { codes } = await confirm(accounts, person, codeOf(shown.key));
    expect(new Set(codes).size).toBe(10);
    for (const code of codes ?? []) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{24}$/);
    expect(await secondFactor.isOn(person.userId)).toBe(true);
    const me = await accountService(accounts).getMe(create(GetMeRequestSchema), callOf(person));
    expect(me.user?.hasTotp).toBe(true);
    expect(await actionsOf(opened.database, person.tenantId)).toEqual([
      ...['auth.user.registered', 'auth.totp.enrolled', 'auth.second_factor.refused', 'auth.totp.confirmed'],
    ]);
  });

  test('a second secret takes the place of one that never counted, not of one that does', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const first = await enrol(accounts, person);
    const second = await enrol(accounts, person);
    await expect(confirm(accounts, person, codeOf(first.key))).rejects.toMatchObject(wrong);
    await confirm(accounts, person, codeOf(second.key));
    await expect(enrol(accounts, person)).rejects.toMatchObject({ code: 'already_exists' });
    await expect(confirm(accounts, person, codeOf(second.key, 1))).rejects.toMatchObject(wrong);
  });

  test('is for people with a fresh proof', async () => {
    const { person } = await turnOn(opened.join());
    const stale = accountService(
      opened.join({
        needs: {
          requireFreshProof: async () => {
            throw new AppError('fresh_proof_required');
          },
        },
      }),
    );
    const key = callBy({ typ: 'key', sub: person.userId, key: newId(), tid: person.tenantId });
    const calls = [
      (service: typeof stale, call: ReturnType<typeof callOf>) =>
        service.enrolTotp(create(EnrolTotpRequestSchema), call),
      (service: typeof stale, call: ReturnType<typeof callOf>) =>
        service.confirmTotp(create(ConfirmTotpRequestSchema, { code: '123456' }), call),
      (service: typeof stale, call: ReturnType<typeof callOf>) =>
        service.disableTotp(create(DisableTotpRequestSchema), call),
      (service: typeof stale, call: ReturnType<typeof callOf>) =>
        service.renewRecoveryCodes(create(RenewRecoveryCodesRequestSchema), call),
    ];
    for (const call of calls) {
      await expect(call(stale, callOf(person))).rejects.toMatchObject({ code: 'fresh_proof_required' });
      await expect(call(accountService(opened.join()), key)).rejects.toMatchObject({ code: 'permission_denied' });
    }
    expect(await opened.join().secondFactor.isOn(person.userId)).toBe(true);
  });

  test('leaves neither secret nor recovery codes readable in the database', async () => {
    const { person, key, codes } = await turnOn(opened.join());
    const rows = await opened.database.asUser(person.userId, (tx) =>
      tx.selectFrom('credentials').select('data').execute(),
    );
    const text = rows.map(({ data }) => data).join('\n');
    const forms = [
      key.toString('base64url'),
      key.toString('hex'),
      new Secret({ buffer: new Uint8Array(key).buffer }).base32,
    ];
    for (const known of [...forms, ...codes]) expect(text).not.toContain(known);
    expect(rows).toHaveLength(12);
  });
});

describe('a code', () => {
  test('of the step before, now or after is taken, of two away it is not', async () => {
    const accounts = opened.join();
    const { person, key } = await turnOn(accounts);
    const { check } = accounts.secondFactor;
    for (const steps of [-2, 2]) await expect(check(person.userId, codeOf(key, steps))).rejects.toMatchObject(wrong);
    expect(await check(person.userId, codeOf(key))).toBe('otp');
    opened.clock.ms += 2 * stepMs;
    expect(await check(person.userId, codeOf(key, -1))).toBe('otp');
    expect(await check(person.userId, codeOf(key, 1))).toBe('otp');
  });

  test('counts once, also of 20 at once, and an earlier step not after a later one', async () => {
    const accounts = opened.join();
    const { person, key } = await turnOn(accounts);
    opened.clock.ms += 3 * stepMs;
    const { check } = accounts.secondFactor;
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => check(person.userId, codeOf(key))));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(check(person.userId, codeOf(key))).rejects.toMatchObject(wrong);
    await expect(check(person.userId, codeOf(key, -1))).rejects.toMatchObject(wrong);
  });

  test('may be tried five times in a row, then comes a wait; a right one costs nothing', async () => {
    const accounts = opened.join({ needs: { overrides: {} } });
    const { person, key } = await turnOn(accounts);
    const { check } = accounts.secondFactor;
    for (let turn = 0; turn < 8; turn += 1) {
      expect(await check(person.userId, codeOf(key))).toBe('otp');
      opened.clock.ms += stepMs;
    }
    const right = codeOf(key);
    const guess = right === '000000' ? '000001' : '000000';
    for (let turn = 0; turn < 5; turn += 1) await expect(check(person.userId, guess)).rejects.toMatchObject(wrong);
    const refusal = { code: 'quota_exceeded', details: { violatedPolicies: ['totp'] } };
    await expect(check(person.userId, right)).rejects.toMatchObject(refusal);
    // No try comes back early: any quarter of an hour has five.
    opened.clock.ms += 14 * 60_000;
    await expect(check(person.userId, codeOf(key))).rejects.toMatchObject(refusal);
    opened.clock.ms += 60_000;
    expect(await check(person.userId, codeOf(key))).toBe('otp');
  });

  test('costs nothing of the tries while PostgreSQL is away, when it is given and when it is confirmed', async () => {
    const { person, key } = await turnOn(opened.join());
    const waiting = await registerPerson(opened.join());
    const pending = await enrol(opened.join(), waiting);
    let isAway = true;
    const away = new AppError('service_unavailable');
    const asUser: Accounts['database']['asUser'] = (userId, work) =>
      isAway ? Promise.reject(away) : opened.database.asUser(userId, work);
    const accounts = opened.join({ needs: { overrides: {}, database: { ...opened.database, asUser } } });
    for (let turn = 0; turn < 6; turn += 1) {
      await expect(accounts.secondFactor.check(person.userId, codeOf(key))).rejects.toBe(away);
      await expect(confirm(accounts, waiting, codeOf(pending.key))).rejects.toBe(away);
    }
    isAway = false;
    expect(await accounts.secondFactor.check(person.userId, codeOf(key))).toBe('otp');
    expect(await confirm(accounts, waiting, codeOf(pending.key))).toHaveProperty('codes');
  });

  test('of another person is none', async () => {
    const accounts = opened.join();
    const [first, second] = [await turnOn(accounts), await turnOn(accounts)];
    const { check } = accounts.secondFactor;
    await expect(check(second.person.userId, codeOf(first.key))).rejects.toMatchObject(wrong);
    await expect(check(second.person.userId, first.codes[0] ?? '')).rejects.toMatchObject(wrong);
    const stranger = await registerPerson(accounts);
    await expect(check(stranger.userId, codeOf(first.key))).rejects.toMatchObject(wrong);
  });
});

describe('a recovery code', () => {
  test('counts once, however it is typed, and ends every session but the one that gives it', async () => {
    const accounts = opened.join();
    const { person, codes } = await turnOn(accounts);
    const sessionId = await addSession(opened.database, person);
    await addSession(opened.database, person);
    const [code = '', other = ''] = codes;
    const typed = ` ${code.toLowerCase().replace(/(.{4})/g, '$1-')}`.replaceAll('0', 'o').replaceAll('1', 'l');
    const { check } = accounts.secondFactor;
    expect(await check(person.userId, typed, { sessionId })).toBe('recovery');
    await expect(check(person.userId, code)).rejects.toMatchObject(wrong);
    const open = () =>
      opened.database.asUser(person.userId, (tx) =>
        tx.selectFrom('sessions').select('session_id').where('revoked_at', 'is', null).execute(),
      );
    expect(await open()).toEqual([{ session_id: sessionId }]);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => check(person.userId, other)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await open()).toEqual([]);
    const actions = await actionsOf(opened.database, person.tenantId);
    expect(actions.filter((action) => action === 'auth.recovery_code.used')).toHaveLength(2);
  });

  test('of an old set ends with a new one', async () => {
    const accounts = opened.join();
    const { person, codes: old } = await turnOn(accounts);
    const renewed = await accountService(accounts).renewRecoveryCodes(
      create(RenewRecoveryCodesRequestSchema),
      callOf(person),
    );
    expect(renewed.codes).toHaveLength(10);
    const { check } = accounts.secondFactor;
    await expect(check(person.userId, old[0] ?? '')).rejects.toMatchObject(wrong);
    expect(await check(person.userId, renewed.codes?.[0] ?? '')).toBe('recovery');
  });
});

test('turning it off ends codes of both kinds, once', async () => {
  const accounts = opened.join();
  const { person, key, codes } = await turnOn(accounts);
  const off = () => accountService(accounts).disableTotp(create(DisableTotpRequestSchema), callOf(person));
  expect(await off()).toEqual({ hasTotp: false });
  expect(await accounts.secondFactor.isOn(person.userId)).toBe(false);
  for (const code of [codeOf(key), codes[0] ?? '']) {
    await expect(accounts.secondFactor.check(person.userId, code)).rejects.toMatchObject(wrong);
  }
  await expect(off()).rejects.toMatchObject({ code: 'not_found' });
  const renew = accountService(accounts).renewRecoveryCodes(create(RenewRecoveryCodesRequestSchema), callOf(person));
  await expect(renew).rejects.toMatchObject({ code: 'not_found' });
});
