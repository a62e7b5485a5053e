import type { Role } from '@universal-api/principal';
import type { Generated } from '@universal-api/database';
import type { LedgerTables } from './ledger-tables.ts';
import type { SessionTables } from './session-tables.ts';

/** Table `auth.tenants`. */
export interface TenantsTable {
  tenant_id: string;
  slug: string;
  name: string;
  status: Generated<'active' | 'suspended' | 'erasing'>;
  plan: string;
  credential_pool: string;
  created_at: Generated<Date>;
}

/** Table `auth.api_keys`; what each column means stands in the migration. */
export interface ApiKeysTable {
  tenant_id: string;
  key_id: string;
  id12: string;
  lineage_id: string;
  project_id: Generated<string | null>;
  owner: Generated<string | null>;
  name: string;
  mode: string;
  mac: Buffer;
  pepper_v: number;
  last4: string;
  scopes: string[];
  /** CIDR texts; PostgreSQL gives the array as one text, since the driver knows no arrays of `cidr`. */
  ip_allow: Generated<string>;
  limits: Generated<unknown>;
  budget_account: Generated<string | null>;
  state: Generated<'active' | 'rotated' | 'revoked'>;
  expires_at: Generated<Date | null>;
  rotated_from: Generated<string | null>;
  overlap_until: Generated<Date | null>;
  shown: Generated<boolean>;
  last_used_at: Generated<Date | null>;
  created_at: Generated<Date>;
  metadata: Generated<unknown>;
  deleted_at: Generated<Date | null>;
}

/** An address that was invited and has not come yet. */
export interface InvitationsTable {
  tenant_id: string;
  inv_id: string;
  /** Lower case. */
  email: string;
  role: Role;
  /** SHA-256 of the token. */
  token_hash: Buffer;
  invited_by: Generated<string | null>;
  made_by: string;
  created_at: Generated<Date>;
  expires_at: Date;
}

/** A tenant's own credential for a provider. */
export interface ProviderKeysTable {
  tenant_id: string;
  provider: string;
  variable: string;
  /** `v<n>.<base64url>`, sealed under `DATA_ENCRYPTION_KEY`. */
  ciphertext: string;
  last4: string;
  created_by: string;
  rotated_at: Generated<Date>;
}

/** A person. */
export interface UsersTable {
  user_id: string;
  /** Lower case. */
  email: string;
  username: string;
  email_verified_at: Generated<Date | null>;
  status: Generated<'active' | 'disabled' | 'erasing'>;
  locale: Generated<string>;
  operator: Generated<boolean>;
  created_at: Generated<Date>;
}

/** A place of a person in a tenant. */
export interface MembershipsTable {
  tenant_id: string;
  user_id: string;
  role: Role;
  invited_by: Generated<string | null>;
  joined_at: Generated<Date>;
}

/** A row of the audit log; it is only ever inserted. */
export interface AuditTable {
  tenant_id: string;
  seq: bigint;
  at: Date;
  /** Pseudonym. */
  actor: string;
  actor_kind: string;
  action: string;
  object: string;
  outcome: string;
  reason: string;
  request_id: string;
  ip_prefix: string;
  diff: Record<string, string>;
  prev_hash: Buffer;
  hash: Buffer;
}

/** The end of a chain (segment 0), and of each of its months (yyyymm). */
export interface AuditHeadTable {
  tenant_id: string;
  segment: number;
  seq: bigint;
  at: Date;
  hash: Buffer;
  dropped_at: Generated<Date | null>;
}

/** Whose a pseudonym is. */
export interface AuditActorsTable {
  tenant_id: string;
  actor: string;
  pseudonym: string;
  key: Buffer;
}

/** How a person proves who they are; what each column means stands in the migration. */
export interface CredentialsTable {
  credential_id: string;
  user_id: string;
  kind: 'password' | 'totp' | 'recovery';
  data: string;
  last_step: Generated<bigint | null>;
  confirmed_at: Generated<Date | null>;
  used_at: Generated<Date | null>;
  created_at: Generated<Date>;
}

/** Tokens that count once, such as those of links in mail. */
export interface OneTimeTokensTable {
  /** SHA-256. */
  token_hash: Buffer;
  user_id: string;
  purpose: 'verify_email' | 'reset_password';
  expires_at: Date;
  used_at: Generated<Date | null>;
  created_at: Generated<Date>;
}

/** Mail that waits for a sender. */
export interface MailOutboxTable {
  mail_id: string;
  template: 'verify_email' | 'reset_password' | 'invitation';
  recipient: string;
  user_id: string | null;
  /** Sealed; null once it was delivered or has expired. */
  token: string | null;
  expires_at: Date;
  next_at: Generated<Date>;
  accepted_at: Generated<Date | null>;
  created_at: Generated<Date>;
}

/** Tables of schema `auth`, for the query builder. */
export interface AuthTables extends LedgerTables, SessionTables {
  tenants: TenantsTable;
  api_keys: ApiKeysTable;
  users: UsersTable;
  memberships: MembershipsTable;
  invitations: InvitationsTable;
  provider_keys: ProviderKeysTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  audit_actors: AuditActorsTable;
  credentials: CredentialsTable;
  one_time_tokens: OneTimeTokensTable;
  mail_outbox: MailOutboxTable;
}
