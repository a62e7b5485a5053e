import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { hasScope } from '@universal-api/principal';
import type { UpdateKeyRequest } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { auditBy } from '../access/audit-by.ts';
import { readMask } from '../access/read-mask.ts';
import { lockStanding, readStanding, type Standing } from '../access/standing.ts';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { requireOwner } from './create-key.ts';
import { networksOf } from './insert-key.ts';
import { toKeyMessage, type KeyMessage } from './key-message.ts';
import type { KeyParts } from './key-parts.ts';
import { checkTerms, distinct, requireHeld } from './key-rules.ts';
import { readKey, type KeyRow } from './key-rows.ts';

const fields = ['name', 'scopes', 'ip_allow', 'limits', 'metadata', 'expires_in_days'] as const;
type Field = (typeof fields)[number];

/** Fields that no key does without. */
const needed: Partial<Record<Field, keyof UpdateKeyRequest>> = { name: 'name' };

/**
 * Changes what a live key is called, may do, from where, how often and until when; everything else of it stays.
 * Errors: `not_found`; `invalid_request`; `conflict` for a key that does not live; `permission_denied` for scopes that the
 * caller does not hold, and for who takes its end away and is no owner; `fresh_proof_required` where it gains scopes.
 */
export function updateKey(parts: KeyParts): (request: UpdateKeyRequest, context: CallContext) => Promise<KeyMessage> {
  return async (request, context) => {
    const mask = readMask(request, fields, needed);
    const terms = termsOf(request, mask);
    checkTerms(terms, context.principal.plan);
    const gains = await parts.database.transaction(context.principal.tid, async (tx) => {
      const key = await readKey(tx, await readStanding(tx, context), request.keyId);
      return gainsOf(key, terms.scopes).length > 0;
    });
    if (gains) await parts.requireFreshProof(context);
    return parts.database.transaction(context.principal.tid, async (tx) => {
      const standing = await lockStanding(tx, context);
      const old = await readKey(tx, standing, request.keyId);
      checkMayChange(old, { standing, mask, request, scopes: terms.scopes });
      await writeChange(tx, { tenantId: standing.tenantId, keyId: old.key_id }, request, mask);
      // Whoever remembers the key looks it up again.
      if (mask.has('scopes') || mask.has('ip_allow') || mask.has('limits') || mask.has('expires_in_days'))
        await appendRevocation(tx, { kind: 'key', id: old.key_id });
      const row = await readKey(tx, standing, request.keyId);
      const diff = Object.fromEntries(
        [...mask].map((field) => [field, field === 'scopes' ? row.scopes.join(' ') : '']),
      );
      const object = request.keyId ?? '';
      await parts.recordAudit(tx, { ...auditBy(context), action: 'auth.key.changed', object, outcome: 'ok', diff });
      return toKeyMessage(row);
    });
  };
}

function termsOf(request: UpdateKeyRequest, mask: ReadonlySet<Field>) {
  return {
    ...(mask.has('scopes') ? { scopes: distinct(request.scopes) } : {}),
    ...(mask.has('ip_allow') ? { ipAllow: request.ipAllow } : {}),
    ...(mask.has('limits') ? { limits: request.limits } : {}),
    ...(mask.has('metadata') ? { metadata: request.metadata } : {}),
  };
}

function gainsOf({ scopes }: KeyRow, wanted: readonly string[] = []): string[] {
  return wanted.filter((scope) => !hasScope(scopes, scope));
}

interface Change {
  readonly standing: Standing;
  readonly mask: ReadonlySet<Field>;
  readonly request: UpdateKeyRequest;
  readonly scopes?: readonly string[] | undefined;
}

function checkMayChange(old: KeyRow, { standing, mask, request, scopes }: Change): void {
  if (!old.is_live) throw new AppError('conflict', { detail: `This key is ${old.state}; it changes no more.` });
  requireHeld(standing.scopes, gainsOf(old, scopes));
  if (mask.has('expires_in_days') && request.expiresInDays === undefined) requireOwner(standing);
}

async function writeChange(
  tx: Transaction<AuthTables>,
  key: { readonly tenantId: string; readonly keyId: string },
  request: UpdateKeyRequest,
  mask: ReadonlySet<Field>,
): Promise<void> {
  const days = request.expiresInDays ?? null;
  const columns: Record<Field, ReturnType<typeof sql>> = {
    name: sql`name = ${request.name ?? ''}`,
    scopes: sql`scopes = ${distinct(request.scopes)}::text[]`,
    ip_allow: sql`ip_allow = ${networksOf(request.ipAllow)}`,
    limits: sql`limits = ${JSON.stringify(request.limits)}::jsonb`,
    metadata: sql`metadata = ${JSON.stringify(request.metadata)}::jsonb`,
    expires_in_days: sql`expires_at = now() + make_interval(days => ${days}::integer)`,
  };
  const changes = sql.join([...mask].map((field) => columns[field]));
  await sql`UPDATE api_keys SET ${changes} WHERE tenant_id = ${key.tenantId} AND key_id = ${key.keyId}`.execute(tx);
}
