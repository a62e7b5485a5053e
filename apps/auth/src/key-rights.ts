import { defaultTenantId } from '@universal-api/ids';
import { intersectScopes, platformScopes, roleScopes, type Role } from '@universal-api/principal';

/** What of a key, its tenant and its owner decides whether it works and what it may do. */
export interface KeyStanding {
  readonly tenant_id: string;
  readonly tenant_status: string;
  /** The user whose role bounds the scopes; null: the tenant's own key. */
  readonly owner: string | null;
  /** Null: nobody owns it, or the owner is gone. */
  readonly owner_status: string | null;
  /** Null: no member (any more). */
  readonly owner_role: Role | null;
  readonly owner_operator: boolean;
  readonly state: string;
  readonly expires_at: Date | null;
  readonly overlap_until: Date | null;
  readonly scopes: readonly string[];
  /** When this was read, by the clock of the database. */
  readonly read_at: Date;
}

/**
 * Whether a key works: active or rotated within its overlap, not expired, its tenant active; one that a person owns only
 * while that person is active and a member. From where it is used is not looked at here (`isFromNetworks`).
 */
export function isUsable(key: KeyStanding): boolean {
  const isLater = (at: Date | null) => at !== null && at.getTime() > key.read_at.getTime();
  const isLive = key.state === 'active' || (key.state === 'rotated' && isLater(key.overlap_until));
  const isExpired = key.expires_at !== null && !isLater(key.expires_at);
  const hasOwner = key.owner === null || (key.owner_status === 'active' && key.owner_role !== null);
  return isLive && !isExpired && key.tenant_status === 'active' && hasOwner;
}

/**
 * The scopes that hold now: those of the key within the present role of its owner, computed at every look-up (platform.md
 * 1.2). A tenant's own key is bounded by the role owner; in tenant `default`, whose key runs the installation, by the
 * operator's scopes as well. The key of a person who runs the installation reaches as far as that person.
 */
export function effectiveScopes(key: KeyStanding): string[] {
  const role = key.owner === null ? 'owner' : key.owner_role;
  if (role === null) return [];
  const isOperators = key.owner === null ? key.tenant_id === defaultTenantId : key.owner_operator;
  return intersectScopes(key.scopes, [...roleScopes[role], ...(isOperators ? platformScopes : [])]);
}
