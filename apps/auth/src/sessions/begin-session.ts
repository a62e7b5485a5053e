import type { Transaction } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { findHomeTenant } from '../accounts/find-person.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { networkOf } from '../audit/network-of.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { findHolder, nowhereToAct } from './session-holder.ts';
import type { SessionParts } from './session-parts.ts';
import { userAgentFamily } from './user-agent-family.ts';
import { makeOpaqueToken, type OpaqueToken } from './tokens/opaque-token.ts';
import type { TokenSet } from './tokens/replay-blob.ts';

/** Somebody who has proved who they are. */
export interface ProvedLogin {
  readonly userId: string;
  /** How: `pwd`, `otp`, `recovery`. */
  readonly amr: readonly string[];
  readonly context: Pick<CallContext, 'principal' | 'requestId' | 'userAgent'>;
  /** Done in the same transaction, before the session is there. */
  readonly before?: (tx: Transaction<AuthTables>) => Promise<void>;
}

/**
 * Begins a session and gives its first tokens; session, refresh token and audit commit together.
 * Errors: `permission_denied` for somebody who belongs to no active tenant; those of `before` and of `Database`.
 */
export async function beginSession(parts: SessionParts, login: ProvedLogin): Promise<TokenSet> {
  const { database, issue, newId, randomBytes, clock } = parts;
  const { userId, amr } = login;
  const asOf = clock();
  const holder = await database.asUser(userId, (tx) => findHolder(tx, userId));
  if (holder === undefined) {
    await recordRefusal(parts, login);
    throw nowhereToAct();
  }
  const sessionId = newId();
  const refresh = makeOpaqueToken('refresh', randomBytes);
  const access = await issue({ ...holder, sessionId, amr }, asOf);
  await database.asUser(userId, async (tx) => {
    await login.before?.(tx);
    await insertSession(tx, parts, { login, sessionId, tenantId: holder.tenantId, refresh });
    await recordLogin(tx, parts, { login, sessionId, tenantId: holder.tenantId });
  });
  return {
    accessToken: access.text,
    refreshToken: refresh.text,
    tokenType: 'bearer',
    expiresIn: access.expiresIn,
    sessionId: toPublicId('session', sessionId),
  };
}

interface Beginning {
  readonly login: ProvedLogin;
  readonly sessionId: string;
  readonly tenantId: string;
}

async function insertSession(
  tx: Transaction<AuthTables>,
  { times, clock }: SessionParts,
  { login, sessionId, tenantId, refresh }: Beginning & { readonly refresh: OpaqueToken },
): Promise<void> {
  const { userId, amr, context } = login;
  const now = clock();
  const at = new Date(now);
  const ids = { session_id: sessionId, user_id: userId };
  const origin = { ua_family: userAgentFamily(context.userAgent), ip_prefix: networkOf(context.principal.cip ?? '') };
  const ends = { idle_until: new Date(now + times.idleMs), absolute_until: new Date(now + times.absoluteMs) };
  const proof = { kind: 'token' as const, acts_in: tenantId, amr: [...amr], created_at: at, proof_at: at, seen_at: at };
  await tx
    .insertInto('sessions')
    .values({ ...ids, ...origin, ...ends, ...proof })
    .execute();
  await tx
    .insertInto('refresh_tokens')
    .values({ ...ids, token_hash: refresh.hash, issued_at: at })
    .execute();
}

function recordLogin(
  tx: Transaction<AuthTables>,
  { recordAudit }: SessionParts,
  { login, sessionId, tenantId }: Beginning,
): Promise<void> {
  const object = toPublicId('session', sessionId);
  const change = { action: 'auth.login', object, outcome: 'ok', diff: { amr: login.amr.join(' ') } } as const;
  return recordAudit(tx, { tenantId, ...auditOfLogin(login), ...change });
}

/** The chain of the first tenant tells it, whatever its state. */
function recordRefusal({ database, recordAudit }: SessionParts, login: ProvedLogin): Promise<void> {
  const object = toPublicId('user', login.userId);
  const change = { action: 'auth.login.refused', object, outcome: 'refused', reason: 'no active tenant' } as const;
  return database.asUser(login.userId, async (tx) => {
    const tenantId = await findHomeTenant(tx, login.userId);
    await recordAudit(tx, { tenantId, ...auditOfLogin(login), ...change });
  });
}

/** Who logs in and from where, for an entry of the audit log. */
export function auditOfLogin({
  userId,
  context,
}: Pick<ProvedLogin, 'userId' | 'context'>): Pick<AuditEntry, 'actor' | 'actorKind' | 'requestId' | 'address'> {
  return {
    actor: userId,
    actorKind: 'user',
    requestId: context.requestId,
    address: context.principal.cip,
  };
}
