import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { RotateKeyRequest } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { auditBy } from '../access/audit-by.ts';
import { lockStanding, type Standing } from '../access/standing.ts';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { requireOwner } from './create-key.ts';
import { endKeys } from './end-keys.ts';
import { insertKey } from './insert-key.ts';
import { toKeyMessage, type KeyMessage } from './key-message.ts';
import type { KeyParts } from './key-parts.ts';
import { maxExpiryDays, requireHeld, requireMode } from './key-rules.ts';
import { listUnrevoked, readKey, type KeyRow } from './key-rows.ts';

/** Seconds that the former key works on when nobody says. */
const defaultOverlapS = 3_600;

/**
 * Makes the next key of a lineage, alike in all but its text and as long-lived as the one before was; that one works on for
 * `overlap_s`, and one that was still in its overlap ends now, so that at most two of a lineage live (platform.md 1.4).
 * Errors: `not_found`; `conflict` for a key that does not live or was rotated already; `permission_denied` for the key of
 * another person, one that holds more than the caller, a live one for a test key, and one without an end for anybody but
 * owners; `fresh_proof_required`.
 */
export async function makeNextKey(
  parts: KeyParts,
  tx: Transaction<AuthTables>,
  request: RotateKeyRequest,
  context: CallContext,
): Promise<KeyMessage> {
  const standing = await lockStanding(tx, context);
  const old = await readKey(tx, standing, request.keyId);
  requireMode(context.principal.mode, old.mode);
  checkMayHold(old, standing);
  if (old.state !== 'active')
    throw new AppError('conflict', { detail: `This key is ${old.state}; an active one can be rotated.` });
  const { tenantId } = standing;
  const overlapS = request.overlapS ?? defaultOverlapS;
  await endKeys(tx, tenantId, await listUnrevoked(tx, tenantId, { rotatedIn: old.lineage_id }));
  await sql`
    UPDATE api_keys SET state = 'rotated', overlap_until = now() + make_interval(secs => ${overlapS})
    WHERE tenant_id = ${tenantId} AND key_id = ${old.key_id}`.execute(tx);
  if (overlapS === 0) await appendRevocation(tx, { kind: 'key', id: old.key_id });
  const { keyId, text } = await insertKey(tx, parts, { tenantId, ...termsOf(old) });
  const row = await readKey(tx, standing, toPublicId('key', keyId));
  await parts.recordAudit(tx, {
    ...auditBy(context),
    action: 'auth.key.rotated',
    object: toPublicId('key', old.key_id),
    outcome: 'ok',
    diff: { next: toPublicId('key', keyId), overlap_s: String(overlapS) },
  });
  return { ...toKeyMessage(row), key: text };
}

/** Whoever rotates a key holds its text: that is for its own person, and never more than they have. */
function checkMayHold({ owner, scopes, expires_at: expiresAt }: KeyRow, standing: Standing): void {
  if (owner !== null && owner !== standing.userId)
    throw new AppError('permission_denied', {
      detail: 'The text of a person’s key is for that person alone; revoke it.',
    });
  requireHeld(standing.scopes, scopes);
  if (expiresAt === null) requireOwner(standing);
}

function termsOf(old: KeyRow) {
  const { name, mode, owner, scopes, limits, metadata, ip_allow: ipAllow } = old;
  const life = sql`${old.expires_at}::timestamptz - ${old.created_at}::timestamptz`;
  // The end of the old one may have been put off, time and again.
  const end = sql<Date>`now() + least(${life}, make_interval(days => ${maxExpiryDays}))`;
  const expiresAt = old.expires_at === null ? sql<null>`NULL::timestamptz` : end;
  const rotates = { keyId: old.key_id, lineageId: old.lineage_id, budgetAccount: old.budget_account };
  return { name, mode, owner, scopes, limits, metadata, ipAllow, expiresAt, rotates };
}
