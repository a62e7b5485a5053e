import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { RefreshRequest } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { endSessions } from '../end-sessions.ts';
import { findHolder, nowhereToAct } from '../session-holder.ts';
import type { SessionParts } from '../session-parts.ts';
import { exchangeToken, findRefreshToken, isSessionLive, type FoundRefreshToken } from '../store/refresh-tokens.ts';
import { makeOpaqueToken, readOpaqueToken, type OpaqueToken } from '../tokens/opaque-token.ts';
import { openReplay, sealReplay, type TokenSet } from '../tokens/replay-blob.ts';

/**
 * New tokens for a refresh token (platform.md 1.6). Of many at once one makes the successor and all get its answer; within
 * `replayMs` the same token gives the same answer again, since an answer can get lost. Later it has been stolen: its family
 * ends, and the chain says so.
 * Errors: `invalid_grant` for a token that is unknown, used too long ago, or of a session that is over; `permission_denied`
 * for somebody who belongs to no active tenant any more.
 */
export function refresh(parts: SessionParts): (request: RefreshRequest, context: CallContext) => Promise<TokenSet> {
  return async (request, context) => {
    const token = readOpaqueToken('refresh', request.refreshToken);
    if (token === undefined) throw new AppError('invalid_grant');
    const found = await findLive(parts, token);
    if (found.used_at === null) {
      const answer = await exchange(parts, token, found);
      if (answer !== undefined) return answer;
    }
    return replay(parts, { token, context, found: found.used_at === null ? await findLive(parts, token) : found });
  };
}

async function findLive({ database, clock }: SessionParts, { hash }: OpaqueToken): Promise<FoundRefreshToken> {
  const found = await findRefreshToken(database, hash);
  if (found === undefined || !isSessionLive(found, clock())) throw new AppError('invalid_grant');
  return found;
}

/** The answer is made first, so that it can be kept in the same transaction; `undefined` if somebody else was first. */
async function exchange(
  parts: SessionParts,
  token: OpaqueToken,
  found: FoundRefreshToken,
): Promise<TokenSet | undefined> {
  const { database, issue, randomBytes, clock, times } = parts;
  const { user_id: userId, session_id: sessionId } = found;
  const asOf = clock();
  const holder = await database.asUser(userId, (tx) => findHolder(tx, userId, found.acts_in));
  if (holder === undefined) throw nowhereToAct();
  const successor = makeOpaqueToken('refresh', randomBytes);
  const access = await issue({ ...holder, sessionId, amr: found.amr }, asOf);
  const answer: TokenSet = {
    accessToken: access.text,
    refreshToken: successor.text,
    tokenType: 'bearer',
    expiresIn: access.expiresIn,
    sessionId: toPublicId('session', sessionId),
  };
  const now = clock();
  const at = new Date(now);
  const kept = { replayBlob: sealReplay(token, answer, randomBytes), replayUntil: new Date(now + times.replayMs) };
  const isFirst = await database.asUser(userId, async (tx) => {
    const change = { userId, sessionId, from: token.hash, to: successor.hash, at, ...kept };
    if (!(await exchangeToken(tx, change))) return false;
    const idleUntil = new Date(Math.min(now + times.idleMs, found.absolute_until.getTime()));
    const session = await tx
      .updateTable('sessions')
      .set({ seen_at: at, idle_until: idleUntil, acts_in: holder.tenantId })
      .where('session_id', '=', sessionId)
      .where('revoked_at', 'is', null)
      .returning('session_id')
      .executeTakeFirst();
    // It was ended meanwhile: nothing of this may stay.
    if (session === undefined) throw new AppError('invalid_grant');
    return true;
  });
  return isFirst ? answer : undefined;
}

interface Reuse {
  readonly token: OpaqueToken;
  readonly found: FoundRefreshToken;
  readonly context: CallContext;
}

async function replay(parts: SessionParts, reuse: Reuse): Promise<TokenSet> {
  const { token, found } = reuse;
  const { replay_blob: blob, replay_until: until } = found;
  if (until === null) throw new AppError('internal', { internal: 'a refresh token was neither used nor usable' });
  if (blob !== null && until.getTime() > parts.clock()) return openReplay(token, blob);
  await endFamily(parts, reuse);
  throw new AppError('invalid_grant', { internal: 'refresh token used again' });
}

async function endFamily({ database, recordAudit }: SessionParts, { found, context }: Reuse): Promise<void> {
  const { user_id: userId, session_id: sessionId } = found;
  await database.asUser(userId, async (tx) => {
    const ended = await endSessions(tx, { userId, onlySessionId: sessionId });
    // Of many at once, one ended it and tells.
    if (ended === 0) return;
    await recordAudit(tx, {
      tenantId: found.acts_in,
      actor: userId,
      actorKind: 'user',
      action: 'auth.refresh_reuse',
      object: toPublicId('session', sessionId),
      outcome: 'refused',
      reason: 'a refresh token was used again after its time; its session has ended',
      requestId: context.requestId,
      address: context.principal.cip,
    });
  });
}
