import { randomBytes } from 'node:crypto';
import { createIdempotency, createPageTokens, openDatabase, sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { newId, toPublicId } from '@universal-api/ids';
import { platformScopes, roleScopes, type KeyRing, type Principal, type Role } from '@universal-api/principal';
import { createQueueMail } from '../src/accounts/mail/queue-mail.ts';
import { createRecordAudit } from '../src/audit/record-audit.ts';
import { keyService } from '../src/keys/key-service.ts';
import { platformService } from '../src/platform/platform-service.ts';
import { createFreshProof } from '../src/sessions/require-fresh-proof.ts';
import type { AuthTables } from '../src/store/auth-tables.ts';
import { joinTenancy, type Tenancy } from '../src/tenants/join-tenancy.ts';
import { tenantService } from '../src/tenants/tenant-service.ts';
import { callBy, callOf } from './accounts-fixture.ts';
import { addTenant, createAuthDatabase, pepperText, ringOf } from './auth-fixture.ts';

/** Keys, tenants and the platform over a database of their own. */
export interface TestTenancy {
  readonly server: TestDatabase;
  readonly database: Database<AuthTables>;
  readonly peppers: KeyRing;
  readonly internalKeys: KeyRing;
  readonly parts: Tenancy;
  readonly keys: ReturnType<typeof keyService>;
  readonly tenants: ReturnType<typeof tenantService>;
  readonly platform: ReturnType<typeof platformService>;
  close(): Promise<void>;
}

/** Opens them; a proof counts for ten minutes, and nobody takes mail. */
export async function openTestTenancy(): Promise<TestTenancy> {
  const server = await createAuthDatabase();
  const database = server.database<AuthTables>('auth_app');
  const worker = openDatabase<AuthTables>({ url: server.url, role: 'auth_worker', poolSize: 2 });
  const [peppers, dataKeys, internalKeys] = [1, 2, 3].map((version) => ringOf(pepperText(version))) as [
    KeyRing,
    KeyRing,
    KeyRing,
  ];
  const parts = joinTenancy({
    ...{ database, worker, peppers, dataKeys, internalKeys, newId, randomBytes, now: Date.now },
    recordAudit: createRecordAudit(),
    requireFreshProof: createFreshProof({ database, clock: Date.now, freshMs: 600_000 }),
    queueMail: createQueueMail({ dataKeys, newId }),
    pages: createPageTokens({ service: 'auth', keys: internalKeys }),
    once: createIdempotency({ service: 'auth', database, keys: internalKeys }),
    ...{ publicBaseUrl: 'http://127.0.0.1:8000', sendsMail: false },
  });
  const elsewhere = async () => {
    throw new AppError('unimplemented', { internal: 'joined by the service, not by this fixture' });
  };
  return {
    ...{ server, database, peppers, internalKeys, parts },
    keys: keyService(parts),
    tenants: tenantService(parts),
    platform: platformService({
      ...parts,
      signingKeys: { listSigningKeys: elsewhere, rotateSigningKeys: elsewhere },
      logLevels: { setLogLevel: elsewhere },
    }),
    async close() {
      await worker.close();
      await server.drop();
    },
  };
}

/** A person who belongs to a tenant, with a session whose proof is fresh. */
export interface TestMember {
  readonly userId: string;
  readonly tenantId: string;
  readonly role: Role;
  readonly email: string;
  /** `usr_…`. */
  readonly id: string;
  readonly sessionId: string;
}

/** Stores a person as a member of a tenant, with a session. */
export async function addMember(
  database: Database<AuthTables>,
  role: Role,
  tenantId?: string,
  proofAgeS = 0,
): Promise<TestMember> {
  const tenant = tenantId ?? (await addTenant(database));
  const [userId, sessionId] = [newId(), newId()];
  const username = `p${randomBytes(6).toString('hex')}`;
  const email = `${username}@example.test`;
  await database.asUser(userId, async (tx) => {
    await tx.insertInto('users').values({ user_id: userId, email, username, email_verified_at: new Date() }).execute();
    await sql`
      INSERT INTO sessions (session_id, user_id, kind, acts_in, ua_family, ip_prefix, amr, created_at, proof_at, seen_at,
                            idle_until, absolute_until)
      VALUES (${sessionId}, ${userId}, 'token', ${tenant}, '', '', '{pwd}', now(),
              now() - make_interval(secs => ${proofAgeS}), now(), now() + interval '1 day', now() + interval '1 day')`.execute(
      tx,
    );
  });
  await database.transaction(tenant, (tx) =>
    tx.insertInto('memberships').values({ tenant_id: tenant, user_id: userId, role }).execute(),
  );
  return { userId, tenantId: tenant, role, email, id: toPublicId('user', userId), sessionId };
}

/** A call of a member by an access token. */
export function callOfMember(member: TestMember, claims: Partial<Principal> = {}): CallContext {
  const call = callOf(member);
  return { ...call, principal: { ...call.principal, scp: roleScopes[member.role], plan: 'pro', ...claims } };
}

/** A call by a key: of a person, or the tenant's own. */
export function callByKey(
  tenantId: string,
  scopes: readonly string[],
  owner?: Pick<TestMember, 'userId'>,
): CallContext {
  const lineage = newId();
  const who = { tid: tenantId, sub: owner?.userId ?? lineage, key: lineage };
  return callBy({ ...who, typ: 'key', scp: scopes, plan: 'pro', cip: '203.0.113.7' });
}

/** A call of who runs the installation, by a key of `default`. */
export function callOfOperator(tenantId: string): CallContext {
  return callByKey(tenantId, [...roleScopes.owner, ...platformScopes]);
}

/** What was revoked since, in order: `kind id`. */
export async function revocationsOf(database: Database<AuthTables>, ...ids: string[]): Promise<string[]> {
  const { rows } = await database.instance((tx) =>
    sql<{ what: string }>`SELECT kind || ' ' || id AS what FROM revocations ORDER BY seq`.execute(tx),
  );
  return rows.map(({ what }) => what).filter((what) => ids.some((id) => what.includes(id)));
}

/** Entries on the chain of a tenant, in order: action, object, reason, diff. */
export async function auditOf(database: Database<AuthTables>, tenantId: string) {
  const { rows } = await database.transaction(tenantId, (tx) =>
    sql<{ action: string; object: string; reason: string; actor_kind: string; diff: Record<string, string> }>`
      SELECT action, object, reason, actor_kind, diff FROM audit WHERE tenant_id = ${tenantId} ORDER BY seq`.execute(
      tx,
    ),
  );
  return rows;
}
