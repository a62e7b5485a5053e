import { randomBytes } from 'node:crypto';
import { createPageTokens, type Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import type { KeyRing, Principal, Role } from '@universal-api/principal';
import { createRecordAudit } from '../src/audit/record-audit.ts';
import type { CheckLogin } from '../src/accounts/passwords/check-login.ts';
import { joinSessions } from '../src/sessions/join-sessions.ts';
import type { ProofParts } from '../src/sessions/session-parts.ts';
import { sessionService } from '../src/sessions/session-service.ts';
import { sessionTimes } from '../src/sessions/session-times.ts';
import { signingKeyTimes } from '../src/signing-keys/signing-key.ts';
import { createApiKeyStore } from '../src/store/api-key-store.ts';
import type { AuthTables } from '../src/store/auth-tables.ts';
import { addTenant, pepperText, ringOf } from './auth-fixture.ts';

/** Times of tokens as the product has them. */
export const tokenSettings = { accessTtlS: 300, leewayS: 60, sessions: sessionTimes, signingKeys: signingKeyTimes };

/** A person with a password; the right code of the second factor is that of `proofs`. */
export interface TestPerson {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly tenantId: string;
}

/** Stores a person who belongs to a tenant of their own. */
export async function addPerson(database: Database<AuthTables>, role: Role = 'owner'): Promise<TestPerson> {
  const userId = newId();
  const name = `p${randomBytes(6).toString('hex')}`;
  const email = `${name}@example.test`;
  await database.asUser(userId, (tx) =>
    tx.insertInto('users').values({ user_id: userId, email, username: name }).execute(),
  );
  const tenantId = await addTenant(database);
  await addMember(database, { tenantId, userId, role });
  return { userId, email, password: `password of ${name}`, tenantId };
}

/** Makes a person a member of a tenant. */
export async function addMember(
  database: Database<AuthTables>,
  { tenantId, userId, role }: { tenantId: string; userId: string; role: Role },
): Promise<void> {
  await database.transaction(tenantId, (tx) =>
    tx.insertInto('memberships').values({ tenant_id: tenantId, user_id: userId, role }).execute(),
  );
}

/** Proofs over a list of people: whoever says their password is let in, code `123456` is right where a second factor is on. */
export function proofsOf(people: readonly TestPerson[], withSecondFactor: ReadonlySet<string> = new Set()): ProofParts {
  const wrong = () => new AppError('invalid_credentials');
  const checkLogin: CheckLogin = async ({ email, password }) => {
    const person = people.find((one) => one.email === email && one.password === password);
    if (person === undefined) throw wrong();
    return { userId: person.userId, hold: async () => {} };
  };
  return {
    checkLogin,
    async checkPassword({ userId, password }) {
      if (!people.some((one) => one.userId === userId && one.password === password)) throw wrong();
    },
    secondFactor: {
      isOn: async (userId) => withSecondFactor.has(userId),
      async check(userId, code) {
        if (!withSecondFactor.has(userId) || code !== '123456') throw wrong();
        return 'otp';
      },
    },
  };
}

/** Secrets that replicas share. */
export interface TestSecrets {
  readonly dataKeys: KeyRing;
  readonly peppers: KeyRing;
}

/** New secrets. */
export const testSecrets = (): TestSecrets => ({ dataKeys: ringOf(pepperText(1)), peppers: ringOf(pepperText(1)) });

/** A session service over a database, with a clock that tests move. */
export function createTestSessions(
  database: Database<AuthTables>,
  proofs: ProofParts,
  { dataKeys, peppers }: TestSecrets = testSecrets(),
) {
  const clock = { now: Date.now() };
  const joined = joinSessions({
    database,
    dataKeys,
    peppers,
    publicBaseUrl: 'https://api.example.test',
    tokens: tokenSettings,
    keys: createApiKeyStore(database),
    recordAudit: createRecordAudit(),
    pages: createPageTokens({ service: 'auth', keys: dataKeys }),
    now: () => clock.now,
    newId,
    randomBytes,
  });
  return { ...joined, clock, service: sessionService(joined.serve(proofs)) };
}

/** What a handler needs of a call from a browser in network 192.0.2.0/24. */
export function callOf(principal: Partial<Principal> = {}): CallContext {
  const nobody = { typ: 'anonymous', sub: 'anonymous', cip: '192.0.2.7' };
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  return {
    principal: { ...nobody, ...principal },
    requestId: newId(),
    userAgent,
    signal: new AbortController().signal,
  } as unknown as CallContext;
}
