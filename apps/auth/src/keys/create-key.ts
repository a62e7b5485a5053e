import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { isKeyMode, type KeyMode } from '@universal-api/principal';
import type { CreateKeyRequest } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { auditBy } from '../access/audit-by.ts';
import { lockStanding, managesAllKeys, type Standing } from '../access/standing.ts';
import { openAccount } from '../ledger/accounts/open-account.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { insertKey } from './insert-key.ts';
import { toKeyMessage, type KeyMessage } from './key-message.ts';
import type { KeyParts } from './key-parts.ts';
import { checkTerms, defaultExpiryDays, distinct, maxLiveKeys, requireHeld, requireMode } from './key-rules.ts';
import { countLiveKeys, readKey } from './key-rows.ts';

/**
 * Makes a key in the caller's tenant; its text is in the answer alone (platform.md 1.4).
 * Errors: `invalid_request`; `permission_denied` for scopes that the caller does not hold, a live key for a test key, a key
 * of the tenant for a developer, one without an end for anybody but owners; `conflict` at 100 live keys; `fresh_proof_required`.
 */
export async function makeKey(
  parts: KeyParts,
  tx: Transaction<AuthTables>,
  request: CreateKeyRequest,
  context: CallContext,
): Promise<KeyMessage> {
  const { principal } = context;
  const tenantId = principal.tid;
  const scopes = distinct(request.scopes);
  const { ipAllow, limits, metadata } = request;
  checkTerms({ scopes, ipAllow, limits, metadata }, principal.plan);
  const mode = modeOf(request.mode);
  requireMode(principal.mode, mode);
  const standing = await lockStanding(tx, context);
  requireHeld(standing.scopes, scopes);
  const owner = ownerOf(request.owner, standing);
  const expiresAt = expiryOf(request, standing);
  if ((await countLiveKeys(tx, tenantId)) >= maxLiveKeys)
    throw new AppError('conflict', { detail: `A tenant has at most ${maxLiveKeys} live keys.` });
  const names = { tenantId, name: request.name ?? '', mode, owner };
  const { keyId, text } = await insertKey(tx, parts, { ...names, scopes, ipAllow, limits, metadata, expiresAt });
  if (request.budgetNanoUsdMonth !== undefined) {
    const limit = BigInt(request.budgetNanoUsdMonth);
    const budget = { tenantId, scope: 'key', subject: keyId, unit: 'nano_usd', period: 'month' } as const;
    const account = await openAccount(tx, { newId: parts.newId }, { ...budget, limit });
    await sql`UPDATE api_keys SET budget_account = ${account} WHERE tenant_id = ${tenantId} AND key_id = ${keyId}`.execute(
      tx,
    );
  }
  const row = await readKey(tx, standing, toPublicId('key', keyId));
  const diff = { scopes: scopes.join(' '), owner: owner === null ? 'tenant' : toPublicId('user', owner) };
  const object = toPublicId('key', keyId);
  await parts.recordAudit(tx, { ...auditBy(context), action: 'auth.key.created', object, outcome: 'ok', diff });
  return { ...toKeyMessage(row), key: text };
}

function modeOf(mode: string | undefined): KeyMode {
  return isKeyMode(mode) ? mode : 'live';
}

function ownerOf(wanted: string | undefined, standing: Standing): string | null {
  const { userId } = standing;
  if ((wanted ?? (userId === undefined ? 'tenant' : 'me')) === 'tenant') {
    if (managesAllKeys(standing)) return null;
    throw new AppError('permission_denied', { detail: 'A key of the tenant is made by its admins and owners.' });
  }
  if (userId !== undefined) return userId;
  throw new AppError('invalid_request', {
    errors: [{ field: 'owner', rule: 'a key of the tenant has no person behind it' }],
  });
}

function expiryOf({ neverExpires, expiresInDays }: CreateKeyRequest, standing: Standing) {
  if (!neverExpires) return sql<Date>`now() + make_interval(days => ${expiresInDays ?? defaultExpiryDays})`;
  if (expiresInDays !== undefined)
    throw new AppError('invalid_request', { errors: [{ field: 'never_expires', rule: 'not beside expires_in_days' }] });
  requireOwner(standing);
  return sql<null>`NULL::timestamptz`;
}

/** Refuses who is no owner, or whose key holds less than an owner. Errors: `permission_denied`. */
export function requireOwner({ role }: Pick<Standing, 'role'>): void {
  if (role !== 'owner')
    throw new AppError('permission_denied', { detail: 'A key without an end is made by owners alone.' });
}
