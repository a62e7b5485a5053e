import type { Transaction } from '@universal-api/database';

/** Who can act. */
export const actorKinds = ['user', 'key', 'system', 'cli', 'anonymous'] as const;

/** How it can end. */
export const outcomes = ['ok', 'refused'] as const;

/** What was done, as it enters the chain of a tenant (platform.md 1.11). */
export interface AuditEntry {
  /** Whose chain; `systemTenantId` for the platform's. */
  readonly tenantId: string;
  /** Who did it: a user's or key's UUID, `anonymous`, or `cli:<os user>`. */
  readonly actor: string;
  readonly actorKind: (typeof actorKinds)[number];
  /** Dotted, such as `auth.key.created`. */
  readonly action: string;
  /** On what: a public id, such as `key_…`. */
  readonly object: string;
  readonly outcome: (typeof outcomes)[number];
  readonly reason?: string;
  readonly requestId?: string;
  /** Address of the client; only its network is kept. */
  readonly address?: string;
  /** Names of changed fields, and values of harmless ones; an empty value where the value is nobody's business. */
  readonly diff?: Readonly<Record<string, string>>;
}

/** Appends an entry to its chain, in the transaction of the change. */
export type RecordAudit = <Tables>(tx: Transaction<Tables>, entry: AuditEntry) => Promise<void>;
