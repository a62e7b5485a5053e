import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { newId, systemTenantId } from '@universal-api/ids';
import { create, type MessageInitShape } from '@universal-api/protos';
import {
  ChangePasswordRequestSchema,
  ForgotPasswordRequestSchema,
  GetMeRequestSchema,
  RegisterRequestSchema,
  ResendEmailRequestSchema,
  ResetPasswordRequestSchema,
  UpdateMeRequestSchema,
  VerifyEmailRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { countStatements } from '../../../test/auth-fixture.ts';
import {
  actionsOf,
  addSession,
  anonymousCall,
  callBy,
  callOf,
  goodPassword,
  openTestAccounts,
  readMailedToken,
  registerPerson,
  type TestAccounts,
} from '../../../test/accounts-fixture.ts';
import { accountService } from '../account-service.ts';
import type { Accounts } from '../join-accounts.ts';

let opened: TestAccounts;
beforeAll(async () => {
  opened = await openTestAccounts();
}, 30_000);
afterAll(() => opened.drop());

const newPassword = 'another long sentence';
const freshEmail = () => `${newId()}@example.org`;
const register = (accounts: Accounts, request: MessageInitShape<typeof RegisterRequestSchema>) =>
  accountService(accounts).register(create(RegisterRequestSchema, request), anonymousCall());
const refused = (code: string, field?: string) =>
  field === undefined ? { code } : { code, details: { errors: [expect.objectContaining({ field })] } };
const canLogIn = async (accounts: Accounts, email: string, password: string) => {
  try {
    await accounts.checkLogin({ email, password, address: '::1' });
    return true;
  } catch (error) {
    if (AppError.is(error) && error.code === 'invalid_credentials') return false;
    throw error;
  }
};
const openSessions = async (userId: string) =>
  opened.database.asUser(userId, (tx) =>
    tx.selectFrom('sessions').select('session_id').where('revoked_at', 'is', null).execute(),
  );

describe('Register', () => {
  test('makes an account, a tenant that it owns on the default plan, and mail that proves the address', async () => {
    const accounts = opened.join({ settings: { defaultPlan: 'starter' } });
    const email = `Some.One+${newId()}@Example.org`;
    const made = await register(accounts, { email, password: goodPassword, username: `u${newId().slice(-12)}` });
    expect(made).toMatchObject({ email: email.toLowerCase(), isActive: true, emailVerified: false });
    const tenantId = made.tenantId?.replace('ten_', '') ?? '';
    const rows = await opened.database.transaction(tenantId, async (tx) => ({
      tenants: await tx.selectFrom('tenants').select(['plan', 'credential_pool', 'name']).execute(),
      members: await tx.selectFrom('memberships').select('role').execute(),
    }));
    expect(rows.tenants).toEqual([{ plan: 'starter', credential_pool: 'local', name: made.username }]);
    expect(rows.members).toEqual([{ role: 'owner' }]);
    expect(await actionsOf(opened.database, tenantId)).toEqual(['auth.user.registered']);
    const token = await readMailedToken(accounts, email.toLowerCase());
    const service = accountService(accounts);
    const verify = () => service.verifyEmail(create(VerifyEmailRequestSchema, { token }), anonymousCall());
    expect(await verify()).toEqual({ email: email.toLowerCase() });
    await expect(verify()).rejects.toMatchObject(refused('invalid_grant'));
    expect(await canLogIn(accounts, email, goodPassword)).toBe(true);
  });

  test('makes a name of the address where none is given, and another one where that is taken', async () => {
    const accounts = opened.join();
    const local = `j.doe-${newId().slice(-8)}`;
    const first = await register(accounts, { email: `${local}@example.org`, password: goodPassword });
    const second = await register(accounts, { email: `${local}@example.net`, password: goodPassword });
    expect(first.username).toBe(local);
    expect(second.username).toMatch(new RegExp(`^${local}-[0-9a-f]{8}$`));
    const short = await register(accounts, { email: `ü@${newId()}.org`, password: goodPassword });
    expect(short.username).toMatch(/^useru/);
  });

  test('of a taken address or name is refused, in any case, and leaves nothing behind', async () => {
    const accounts = opened.join();
    const email = freshEmail();
    const username = `u${newId().slice(-12)}`;
    await register(accounts, { email, password: goodPassword, username });
    const again = register(accounts, { email: email.toUpperCase(), password: goodPassword });
    await expect(again).rejects.toMatchObject(refused('already_exists', 'email'));
    const other = freshEmail();
    const sameName = register(accounts, { email: other, password: goodPassword, username });
    await expect(sameName).rejects.toMatchObject(refused('already_exists', 'username'));
    expect(await canLogIn(accounts, other, goodPassword)).toBe(false);
  });

  test('20 at once of one address make one account', async () => {
    const accounts = opened.join();
    const email = freshEmail();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => register(accounts, { email, password: goodPassword })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(refused('already_exists', 'email'));
    }
  });

  test.each([
    'nobody',
    'a@',
    '@example.org',
    'two@at@example.org',
    'spa ce@example.org',
    `${'x'.repeat(65)}@example.org`,
    'nul\0@example.org',
  ])('of no address is refused: %j', async (email) => {
    await expect(register(opened.join(), { email, password: goodPassword })).rejects.toMatchObject(
      refused('invalid_request', 'email'),
    );
  });

  test('with a password that must not be used is refused', async () => {
    const attempt = register(opened.join(), { email: freshEmail(), password: 'iloveyou' });
    await expect(attempt).rejects.toMatchObject(refused('invalid_request', 'password'));
  });

  test('where it is closed, or by invitation alone, is refused', async () => {
    const request = { email: freshEmail(), password: goodPassword };
    for (const registration of ['closed', 'invite'] as const) {
      const attempt = register(opened.join({ settings: { registration } }), request);
      await expect(attempt).rejects.toMatchObject(refused('permission_denied'));
    }
    const guessed = { ...request, inviteToken: 'x'.repeat(43) };
    const closed = register(opened.join({ settings: { registration: 'closed' } }), guessed);
    await expect(closed).rejects.toMatchObject(refused('permission_denied'));
    const invited = register(opened.join({ settings: { registration: 'invite' } }), guessed);
    await expect(invited).rejects.toMatchObject(refused('invalid_grant'));
    // Nor does it tell whether somebody has the address.
    const { email } = await registerPerson(opened.join());
    const probing = register(opened.join({ settings: { registration: 'invite' } }), { ...guessed, email });
    await expect(probing).rejects.toMatchObject(refused('invalid_grant'));
    expect(await canLogIn(opened.join(), request.email, goodPassword)).toBe(false);
  });

  test('is for five an hour from one address', async () => {
    const accounts = opened.join({ needs: { overrides: {} } });
    for (let turn = 0; turn < 5; turn += 1) await register(accounts, { email: freshEmail(), password: goodPassword });
    await expect(register(accounts, { email: freshEmail(), password: goodPassword })).rejects.toMatchObject({
      code: 'quota_exceeded',
      details: { violatedPolicies: ['register-ip'] },
    });
  });
});

describe('Me', () => {
  test('is the person, their tenant and role, their places and scopes', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const me = await accountService(accounts).getMe(create(GetMeRequestSchema), callOf(person));
    expect(me).toMatchObject({
      user: { id: `usr_${person.userId}`, email: person.email, emailVerified: false, isActive: true, hasTotp: false },
      tenantId: `ten_${person.tenantId}`,
      role: 'owner',
      scopes: ['tenant:read'],
      credentialKind: 'user',
    });
    expect(me.memberships).toEqual([expect.objectContaining({ tenantId: `ten_${person.tenantId}`, role: 'owner' })]);
  });

  test('is, by a key of the tenant itself, no person', async () => {
    const accounts = opened.join();
    const { tenantId } = await registerPerson(accounts);
    const lineage = newId();
    const call = callBy({ typ: 'key', sub: lineage, key: lineage, tid: tenantId });
    const me = await accountService(accounts).getMe(create(GetMeRequestSchema), call);
    expect(me).toMatchObject({ tenantId: `ten_${tenantId}`, role: '', memberships: [], credentialKind: 'key' });
    expect(me.user).toBeUndefined();
  });

  test('changes name and language, clears the language, and keeps what is not named', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const username = `n${newId().slice(-12)}`;
    const update = (request: MessageInitShape<typeof UpdateMeRequestSchema>) =>
      accountService(accounts).updateMe(create(UpdateMeRequestSchema, request), callOf(person));
    const both = { username, locale: 'de-at', updateMask: { paths: ['username', 'locale'] } };
    expect((await update(both)).user).toMatchObject({ username, locale: 'de-AT' });
    const cleared = await update({ username: 'ignored', updateMask: { paths: ['locale'] } });
    expect(cleared.user).toMatchObject({ username, locale: '' });
    await expect(update({ locale: 'no language', updateMask: { paths: ['locale'] } })).rejects.toMatchObject(
      refused('invalid_request', 'locale'),
    );
    await expect(update({ updateMask: { paths: ['username'] } })).rejects.toMatchObject(
      refused('invalid_request', 'username'),
    );
    const { userId } = await registerPerson(accounts);
    const taken = callOf({ userId, tenantId: person.tenantId });
    const same = create(UpdateMeRequestSchema, { username, updateMask: { paths: ['username'] } });
    await expect(accountService(accounts).updateMe(same, taken)).rejects.toMatchObject(
      refused('already_exists', 'username'),
    );
    expect((await actionsOf(opened.database, person.tenantId)).slice(1)).toEqual([
      'auth.user.changed',
      'auth.user.changed',
    ]);
  });

  test('is not changed by a key', async () => {
    const accounts = opened.join();
    const { tenantId, userId } = await registerPerson(accounts);
    const key = callBy({ typ: 'key', sub: userId, key: newId(), tid: tenantId });
    const request = create(UpdateMeRequestSchema, { locale: 'de', updateMask: { paths: ['locale'] } });
    await expect(accountService(accounts).updateMe(request, key)).rejects.toMatchObject(refused('permission_denied'));
  });
});

describe('ChangePassword', () => {
  const change = (accounts: Accounts, call: ReturnType<typeof callOf>, oldPassword: string, wanted = newPassword) =>
    accountService(accounts).changePassword(
      create(ChangePasswordRequestSchema, { oldPassword, newPassword: wanted }),
      call,
    );

  test('takes the new one, ends every other session and open links, and tells the chain', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const sessionId = await addSession(opened.database, person);
    await addSession(opened.database, person);
    await addSession(opened.database, person);
    await accountService(accounts).forgotPassword(
      create(ForgotPasswordRequestSchema, { email: person.email }),
      anonymousCall(),
    );
    const token = await readMailedToken(accounts, person.email);
    expect(await change(accounts, callOf({ ...person, sessionId }), goodPassword)).toEqual({ revokedSessions: 2 });
    expect(await openSessions(person.userId)).toEqual([{ session_id: sessionId }]);
    expect(await canLogIn(accounts, person.email, goodPassword)).toBe(false);
    expect(await canLogIn(accounts, person.email, newPassword)).toBe(true);
    const reset = create(ResetPasswordRequestSchema, { token, newPassword: 'a third long sentence' });
    await expect(accountService(accounts).resetPassword(reset, anonymousCall())).rejects.toMatchObject(
      refused('invalid_grant'),
    );
    expect(await actionsOf(opened.database, person.tenantId)).toContain('auth.password.changed');
  });

  test('with a wrong present one, a bad new one, a key, or no fresh proof changes nothing', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    await expect(change(accounts, callOf(person), 'wrong horse')).rejects.toMatchObject(refused('invalid_credentials'));
    await expect(change(accounts, callOf(person), goodPassword, 'password')).rejects.toMatchObject(
      refused('invalid_request', 'new_password'),
    );
    const key = callBy({ typ: 'key', sub: person.userId, key: newId(), tid: person.tenantId });
    await expect(change(accounts, key, goodPassword)).rejects.toMatchObject(refused('permission_denied'));
    const stale = opened.join({
      needs: {
        requireFreshProof: async () => {
          throw new AppError('fresh_proof_required');
        },
      },
    });
    await expect(change(stale, callOf(person), goodPassword)).rejects.toMatchObject(refused('fresh_proof_required'));
    expect(await canLogIn(accounts, person.email, goodPassword)).toBe(true);
  });
});

describe('ForgotPassword and ResetPassword', () => {
  const forgot = (accounts: Accounts, email: string, address?: string) =>
    accountService(accounts).forgotPassword(create(ForgotPasswordRequestSchema, { email }), anonymousCall(address));
  const reset = (accounts: Accounts, token: string, wanted = newPassword) =>
    accountService(accounts).resetPassword(
      create(ResetPasswordRequestSchema, { token, newPassword: wanted }),
      anonymousCall(),
    );

  test('give a link that changes the password once, ends every session and proves the address', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    await addSession(opened.database, person);
    await addSession(opened.database, person);
    await forgot(accounts, person.email.toUpperCase());
    const token = await readMailedToken(accounts, person.email);
    // A password that must not be used leaves the link good.
    await expect(reset(accounts, token, 'password')).rejects.toMatchObject(refused('invalid_request', 'new_password'));
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => reset(accounts, token)));
    const done = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(done).toEqual([{ revokedSessions: 2 }]);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(refused('invalid_grant'));
    }
    expect(await openSessions(person.userId)).toEqual([]);
    expect(await canLogIn(accounts, person.email, newPassword)).toBe(true);
    const me = await accountService(accounts).getMe(create(GetMeRequestSchema), callOf(person));
    expect(me.user?.emailVerified).toBe(true);
    const actions = await actionsOf(opened.database, person.tenantId);
    expect(actions.filter((action) => action === 'auth.password.reset')).toHaveLength(1);
  });

  test('of a link that is too old, made up, for something else, or left over after another one change nothing', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const verifying = await readMailedToken(accounts, person.email);
    await expect(reset(accounts, verifying)).rejects.toMatchObject(refused('invalid_grant'));
    await expect(reset(accounts, 'x'.repeat(43))).rejects.toMatchObject(refused('invalid_grant'));
    await forgot(accounts, person.email);
    const first = await readMailedToken(accounts, person.email);
    await forgot(accounts, person.email);
    const second = await readMailedToken(accounts, person.email);
    opened.clock.ms += 10 * 60_000;
    await expect(reset(accounts, second)).rejects.toMatchObject(refused('invalid_grant'));
    opened.clock.ms -= 1;
    expect(await reset(accounts, first)).toEqual({ revokedSessions: 0 });
    await expect(reset(accounts, second)).rejects.toMatchObject(refused('invalid_grant'));
  });

  test('tell nobody whether there is an account, nor do limits', async () => {
    const accounts = opened.join({ needs: { overrides: {} } });
    const person = await registerPerson(opened.join());
    const tell = async (email: string, address: string) => {
      try {
        return await forgot(accounts, email, address);
      } catch (error) {
        return AppError.is(error) ? { code: error.code, policies: error.details.violatedPolicies } : error;
      }
    };
    const stranger = freshEmail();
    for (let turn = 1; turn <= 5; turn += 1) {
      const known = await tell(person.email, `198.51.100.${turn}`);
      expect(await tell(stranger, `203.0.113.${turn}`)).toEqual(known);
      if (turn === 3) expect(known).toEqual({ message: expect.any(String) });
      if (turn === 4) expect(known).toEqual({ code: 'quota_exceeded', policies: ['reset-account'] });
    }
    await expect(readMailedToken(accounts, stranger)).rejects.toThrow('no mail');
  });

  test('do the same for an account, a disabled one and none, but for the link itself', async () => {
    const [known, disabled] = [await registerPerson(opened.join()), await registerPerson(opened.join())];
    await opened.database.asUser(disabled.userId, (tx) =>
      tx.updateTable('users').set({ status: 'disabled' }).execute(),
    );
    const statementsFor = async (email: string) => {
      const counted = countStatements(opened.database);
      await forgot(opened.join({ needs: { database: counted } }), email);
      return counted.statements;
    };
    // The first entry of an actor on a chain makes the pseudonym as well.
    for (const email of [known.email, disabled.email, freshEmail()]) await statementsFor(email);
    const withLink = await statementsFor(known.email);
    const withoutLink = await statementsFor(freshEmail());
    expect(withLink.filter((kind) => kind !== 'InsertQueryNode')).toEqual(
      withoutLink.filter((kind) => kind !== 'InsertQueryNode'),
    );
    expect(await statementsFor(disabled.email)).toEqual(withoutLink);
    expect(await statementsFor('a\0b@example.org')).toHaveLength(withoutLink.length - 1);
    const actors = await opened.database.transaction(known.tenantId, (tx) =>
      sql`SELECT DISTINCT actor_kind FROM audit WHERE action = 'auth.mail.reset_password'`.execute(tx),
    );
    expect(actors.rows).toEqual([{ actor_kind: 'anonymous' }]);
    expect(await actionsOf(opened.database, systemTenantId)).toContain('auth.mail.refused');
    expect(await actionsOf(opened.database, disabled.tenantId)).toContain('auth.mail.refused');
  });

  test('send a disabled account nothing', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const before = await readMailedToken(accounts, person.email);
    await opened.database.asUser(person.userId, (tx) => tx.updateTable('users').set({ status: 'disabled' }).execute());
    await forgot(accounts, person.email);
    expect(await readMailedToken(accounts, person.email)).toBe(before);
  });
});

describe('ResendEmail', () => {
  const resend = (accounts: Accounts, email: string) =>
    accountService(accounts).resendEmail(create(ResendEmailRequestSchema, { email }), anonymousCall());
  const verify = (accounts: Accounts, token: string) =>
    accountService(accounts).verifyEmail(create(VerifyEmailRequestSchema, { token }), anonymousCall());

  test('sends another link while the address is unproved, and answers the same in any case', async () => {
    const accounts = opened.join();
    const person = await registerPerson(accounts);
    const first = await readMailedToken(accounts, person.email);
    const answer = await resend(accounts, person.email);
    const second = await readMailedToken(accounts, person.email);
    expect(second).not.toBe(first);
    await verify(accounts, second);
    await expect(verify(accounts, first)).rejects.toMatchObject(refused('invalid_grant'));
    expect(await resend(accounts, person.email)).toEqual(answer);
    expect(await resend(accounts, freshEmail())).toEqual(answer);
    expect(await readMailedToken(accounts, person.email)).toBe(second);
  });
});
