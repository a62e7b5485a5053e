import { createHash } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import canonicalize from 'canonicalize';

/** A row of the chain as it is hashed: all texts, `at` as `2026-11-24T19:20:21.123Z`, hashes in hex. */
export interface ChainedRow {
  readonly tenant_id: string;
  /** From 1; a text, since JSON has no integers of 64 bits. */
  readonly seq: string;
  readonly at: string;
  readonly actor: string;
  readonly actor_kind: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: string;
  readonly reason: string;
  readonly request_id: string;
  readonly ip_prefix: string;
  readonly diff: Readonly<Record<string, string>>;
  readonly prev_hash: string;
}

/** What the first row follows: 32 zero bytes, in hex. */
export const noHash = '0'.repeat(64);

/**
 * SHA-256(prev_hash ‖ RFC 8785 JSON of the row without its hash), in hex. Whoever has the rows can work it out again.
 * Source: platform.md 1.11; RFC 8785.
 */
export function hashRow(row: ChainedRow): string {
  const text = canonicalize(row);
  if (text === undefined) throw new AppError('internal', { internal: 'a row of the audit log has no JSON' });
  return createHash('sha256').update(Buffer.from(row.prev_hash, 'hex')).update(text, 'utf8').digest('hex');
}
