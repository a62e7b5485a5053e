import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { create } from '@universal-api/protos';
import {
  ChangePasswordRequestSchema,
  ConfirmTotpRequestSchema,
  ForgotPasswordRequestSchema,
  ResetPasswordRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import {
  anonymousCall,
  callOf,
  goodPassword,
  openTestAccounts,
  readMailedToken,
  registerPerson,
  type Registered,
  type TestAccounts,
} from '../../test/accounts-fixture.ts';
import { createTestSessions, testSecrets } from '../../test/session-fixture.ts';
import { accountService } from '../accounts/account-service.ts';
import type { Accounts } from '../accounts/join-accounts.ts';
import { readTotp } from '../accounts/totp/factor-store.ts';
import { totpCodeAt } from '../accounts/totp/totp-codes.ts';
import type { ProofParts } from './session-parts.ts';

let opened: TestAccounts;
let accounts: Accounts;
let person: Registered;
beforeAll(async () => {
  opened = await openTestAccounts();
}, 30_000);
afterAll(() => opened.drop());

const secrets = testSecrets();
const newPassword = 'another long sentence';
const sessionsWith = (proofs: ProofParts) => createTestSessions(opened.database, proofs, secrets).service;
const openSessions = () =>
  opened.database.asUser(person.userId, (tx) =>
    tx.selectFrom('sessions').select('session_id').where('revoked_at', 'is', null).execute(),
  );

async function begin() {
  accounts = opened.join();
  person = await registerPerson(accounts);
}

async function reset(): Promise<void> {
  const { email } = person;
  const service = accountService(accounts);
  await service.forgotPassword(create(ForgotPasswordRequestSchema, { email }), anonymousCall());
  const token = await readMailedToken(accounts, email);
  await service.resetPassword(create(ResetPasswordRequestSchema, { token, newPassword }), anonymousCall());
}

async function change(): Promise<void> {
  const request = create(ChangePasswordRequestSchema, { oldPassword: goodPassword, newPassword });
  await accountService(accounts).changePassword(request, callOf(person));
}

/** The second factor turned on; gives the code of the step that comes after. */
async function turnOnTotp(): Promise<string> {
  const service = accountService(accounts);
  await service.enrolTotp({} as never, callOf(person));
  const stored = await opened.database.asUser(person.userId, (tx) => readTotp(tx, person.userId));
  const secret = accounts.totpSecrets.open(stored?.sealed ?? '', person.userId);
  const request = create(ConfirmTotpRequestSchema, { code: totpCodeAt(secret, opened.clock.ms) });
  await service.confirmTotp(request, callOf(person));
  return totpCodeAt(secret, opened.clock.ms + 30_000);
}

describe.each([
  ['a reset', reset],
  ['a change', change],
])('a new password by %s', (_way, renew) => {
  test('ends a login with the old one that waits for its second step', async () => {
    await begin();
    const code = await turnOnTotp();
    const service = sessionsWith(accounts);
    const first = await service.login({ email: person.email, password: goodPassword } as never, anonymousCall());
    await renew();
    const second = service.verifyTotp({ mfaToken: first.mfaToken, code } as never, anonymousCall());
    await expect(second).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(await openSessions()).toEqual([]);
  });

  test.each([false, true])('ends a login with the old one that is under way (second factor: %s)', async (hasTotp) => {
    await begin();
    if (hasTotp) await turnOnTotp();
    const checkLogin: ProofParts['checkLogin'] = async (login) => {
      const proved = await accounts.checkLogin(login);
      await renew();
      return proved;
    };
    const service = sessionsWith({ ...accounts, checkLogin });
    const late = service.login({ email: person.email, password: goodPassword } as never, anonymousCall());
    await expect(late).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await openSessions()).toEqual([]);
  });

  test('leaves no session to any of ten logins with the old one that race with it', async () => {
    await begin();
    const service = sessionsWith(accounts);
    const login = { email: person.email, password: goodPassword } as never;
    const logins = Array.from({ length: 10 }, () => service.login(login, anonymousCall()));
    const ended = await Promise.allSettled([...logins, renew()]);
    expect(ended.at(-1)).toMatchObject({ status: 'fulfilled' });
    const refusals = ended.filter(({ status }) => status === 'rejected');
    expect(refusals).toEqual(
      refusals.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'invalid_credentials' }) })),
    );
    expect(await openSessions()).toEqual([]);
  });

  test('lets in who has the new one', async () => {
    await begin();
    await renew();
    const login = { email: person.email, password: newPassword } as never;
    expect(await sessionsWith(accounts).login(login, anonymousCall())).toMatchObject({ tokenType: 'bearer' });
    expect(await openSessions()).toHaveLength(1);
  });
});

test('a hash that is made anew under a login leaves that login good', async () => {
  await begin();
  const stronger = opened.join({
    needs: { hashing: { memoryKib: 128, passes: 1, parallelism: 1, inFlight: 2, queued: 32 } },
  });
  const login = { email: person.email, password: goodPassword } as never;
  const both = await Promise.all(
    [stronger, stronger].map((parts) => sessionsWith(parts).login(login, anonymousCall())),
  );
  expect(both).toEqual([
    expect.objectContaining({ tokenType: 'bearer' }),
    expect.objectContaining({ tokenType: 'bearer' }),
  ]);
});
