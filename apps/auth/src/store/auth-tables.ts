import type { Role } from '@universal-api/principal';
import type { Generated } from '@universal-api/database';

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

/** Tables of schema `auth`, for the query builder. */
export interface AuthTables {
  tenants: TenantsTable;
  api_keys: ApiKeysTable;
  users: UsersTable;
  memberships: MembershipsTable;
}
