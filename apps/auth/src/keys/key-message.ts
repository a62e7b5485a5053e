import { toPublicId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { KeySchema } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import type { KeyRow } from './key-rows.ts';

/** A key as the API shows it; never with its text. */
export type KeyMessage = MessageInitShape<typeof KeySchema>;

/** The message of a stored key. */
export function toKeyMessage(row: KeyRow): KeyMessage {
  const at = (date: Date | null) => (date === null ? undefined : timestampFromDate(date));
  return {
    id: toPublicId('key', row.key_id),
    id12: row.id12,
    name: row.name,
    mode: row.mode,
    scopes: [...row.scopes],
    owner: row.owner === null ? '' : toPublicId('user', row.owner),
    state: row.state,
    last4: row.last4,
    ipAllow: [...row.ip_allow],
    limits: { ...row.limits },
    metadata: { ...row.metadata },
    lineageId: toPublicId('key', row.lineage_id),
    rotatedFrom: row.rotated_from === null ? undefined : toPublicId('key', row.rotated_from),
    createdAt: timestampFromDate(row.created_at),
    expiresAt: at(row.expires_at),
    overlapUntil: at(row.overlap_until),
    lastUsedAt: at(row.last_used_at),
    warnings: warningsOf(row),
    budgetNanoUsdMonth: row.budget === null ? undefined : String(row.budget),
  };
}

function warningsOf({ expires_at: expiresAt, state }: KeyRow): string[] {
  return expiresAt === null && state === 'active' ? ['This key never expires: rotate it from time to time.'] : [];
}
