import { randomBytes } from 'node:crypto';
import { createPageTokens, sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import type { CallContext } from '@universal-api/grpc';
import { defaultTenantId, fromPublicId, newId } from '@universal-api/ids';
import { createMemoryRateLimiter, type RateOverrides } from '@universal-api/limits';
import type { Principal } from '@universal-api/principal';
import { create } from '@universal-api/protos';
import { RegisterRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { accountService } from '../src/accounts/account-service.ts';
import type { AccountSettings } from '../src/accounts/account-parts.ts';
import { joinAccounts, type AccountNeeds, type Accounts } from '../src/accounts/join-accounts.ts';
import { createRecordAudit } from '../src/audit/record-audit.ts';
import { endSessions } from '../src/sessions/end-sessions.ts';
import type { AuthTables } from '../src/store/auth-tables.ts';
import { createAcceptInvitation } from '../src/tenants/accept-invitation.ts';
import { createTenants } from '../src/tenants/create-tenant.ts';
import { createAuthDatabase, pepperText, ringOf } from './auth-fixture.ts';

/** Weak on purpose: tests count hashes, they do not resist anybody. */
export const weakHashing = { memoryKib: 64, passes: 1, parallelism: 1, inFlight: 2, queued: 32 };

/** Rates that stand in no test's way. */
export const wideRates: RateOverrides = Object.fromEntries(
  ['register-ip', 'reset-account', 'reset-ip', 'totp', 'login-pair', 'login-account', 'login-ip'].map((policy) => [
    policy,
    { q: 1_000, windowS: 60 },
  ]),
);

/** A password that no rule refuses. */
export const goodPassword = 'correct horse battery';

/** What a test may choose. */
export interface AccountsOptions {
  readonly settings?: Partial<AccountSettings>;
  readonly needs?: Partial<AccountNeeds>;
}

/** Accounts over a database of their own, with a clock that tests move. */
export interface TestAccounts {
  readonly server: TestDatabase;
  readonly database: Database<AuthTables>;
  readonly worker: Database<AuthTables>;
  readonly clock: { ms: number };
  /** The parts joined anew, such as with another setting; the database and the clock are the same. */
  join(options?: AccountsOptions): Accounts;
  drop(): Promise<void>;
}

/** Opens them. */
export async function openTestAccounts(): Promise<TestAccounts> {
  const server = await createAuthDatabase();
  const database = server.database<AuthTables>('auth_app');
  const worker = server.database<AuthTables>('auth_worker');
  const clock = { ms: Date.now() };
  const dataKeys = ringOf(pepperText(1));
  const recordAudit = createRecordAudit();
  const pages = createPageTokens({ service: 'auth', keys: ringOf(pepperText(1)) });
  const settings = {
    registration: 'open',
    defaultPlan: 'free',
    baseUrl: 'http://127.0.0.1:8000',
    showsOutbox: true,
  } as const;
  return {
    server,
    database,
    worker,
    clock,
    join: (options = {}) =>
      joinAccounts({
        database,
        worker,
        dataKeys,
        hashing: weakHashing,
        limiter: createMemoryRateLimiter({ nowUs: () => clock.ms * 1_000 }),
        overrides: wideRates,
        recordAudit,
        endSessions,
        createTenantFor: createTenants({ newId, randomBytes }),
        acceptInvitation: createAcceptInvitation(recordAudit),
        requireFreshProof: async () => {},
        pages,
        now: () => clock.ms,
        newId,
        randomBytes,
        ...options.needs,
        settings: { ...settings, ...options.settings },
      }),
    drop: () => server.drop(),
  };
}

/** A call of nobody in particular, from an address. */
export function anonymousCall(address = '203.0.113.7'): CallContext {
  return callBy({ typ: 'anonymous', sub: 'anonymous', tid: defaultTenantId, cip: address });
}

/** A call of a person in a session. */
export function callOf(user: { userId: string; tenantId: string; sessionId?: string }, address?: string): CallContext {
  const { userId, tenantId, sessionId = newId() } = user;
  return callBy({ typ: 'user', sub: userId, tid: tenantId, sid: sessionId, cip: address ?? '203.0.113.7' });
}

/** A call with these claims. */
export function callBy(claims: Partial<Principal>): CallContext {
  const now = Math.floor(Date.now() / 1_000);
  return {
    principal: {
      ...{ tid: defaultTenantId, sub: 'anonymous', typ: 'anonymous', scp: ['tenant:read'], plan: 'free', mode: 'live' },
      ...{ pri: 'critical', rid: newId(), cid: newId(), iss: 'gateway', aud: 'auth', mth: '', iat: now, exp: now + 30 },
      ...claims,
    } as Principal,
    requestId: newId(),
    callId: newId(),
    deadlineAt: Date.now() + 60_000,
    signal: new AbortController().signal,
    depth: 0,
    setHeader: () => {},
    accept: () => {},
  };
}

/** An account that was just made. */
export interface Registered {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
}

/** Makes an account with `goodPassword`. */
export async function registerPerson(accounts: Accounts, email = `${newId()}@example.org`): Promise<Registered> {
  const request = create(RegisterRequestSchema, { email, password: goodPassword });
  const made = await accountService(accounts).register(request, anonymousCall());
  const userId = fromPublicId('user', made.id ?? '');
  const tenantId = fromPublicId('tenant', made.tenantId ?? '');
  if (userId === undefined || tenantId === undefined) throw new Error('register answered no ids');
  return { userId, tenantId, email: email.toLowerCase() };
}

/** Stores a session of a person that lives a day. */
export async function addSession(database: Database<AuthTables>, { userId, tenantId }: Registered): Promise<string> {
  const sessionId = newId();
  await database.asUser(userId, (tx) =>
    sql`INSERT INTO sessions (session_id, user_id, kind, acts_in, ua_family, ip_prefix, amr, created_at, proof_at, seen_at,
                              idle_until, absolute_until)
        VALUES (${sessionId}, ${userId}, 'token', ${tenantId}, '', '', '{pwd}', now(), now(), now(), now() + interval '1 day',
                now() + interval '1 day')`.execute(tx),
  );
  return sessionId;
}

/** Actions on the chain of a tenant, in order. */
export async function actionsOf(database: Database<AuthTables>, tenantId: string): Promise<string[]> {
  return database.transaction(tenantId, async (tx) => {
    const { rows } = await sql<{ action: string }>`
      SELECT action FROM audit WHERE tenant_id = ${tenantId} ORDER BY seq`.execute(tx);
    return rows.map(({ action }) => action);
  });
}

/** The token in the latest mail to an address, as its reader has it. */
export async function readMailedToken(accounts: Accounts, recipient: string): Promise<string> {
  const { mails } = await accountService(accounts).listMailOutbox(
    { pageSize: 100 } as never,
    callBy({ typ: 'key', sub: 'k', key: 'k', scp: ['platform:write'] }),
  );
  const links = mails?.filter((mail) => mail.recipient === recipient).map(({ link }) => link ?? '');
  const token = new URL(links?.at(-1) ?? 'about:blank').hash.replace('#token=', '');
  if (token === '') throw new Error(`no mail to ${recipient}`);
  return token;
}
