import { defaultTenantId } from '@universal-api/ids';
import { intersectScopes, platformScopes, roleScopes } from '@universal-api/principal';

/** What of a key and its tenant decides whether it works and what it may do. */
export interface KeyStanding {
  readonly tenant_id: string;
  readonly tenant_status: string;
  /** The user whose role bounds the scopes; null: the tenant's own key. */
  readonly owner: string | null;
  readonly state: string;
  readonly expires_at: Date | null;
  readonly overlap_until: Date | null;
  /** Whether the key is bound to client addresses. */
  readonly restricts_ip: boolean;
  readonly scopes: readonly string[];
  /** When this was read, by the clock of the database. */
  readonly read_at: Date;
}

/**
 * Whether a key works: active or rotated within its overlap, not expired, tenant active.
 *
 * Two kinds of key that cannot be judged yet are refused: one that a user owns (no memberships yet, so nothing says what its
 * owner may do) and one bound to addresses (`VerifyKey` does not learn the client's).
 */
export function isUsable(key: KeyStanding): boolean {
  const isLater = (at: Date | null) => at !== null && at.getTime() > key.read_at.getTime();
  const isLive = key.state === 'active' || (key.state === 'rotated' && isLater(key.overlap_until));
  const isExpired = key.expires_at !== null && !isLater(key.expires_at);
  return isLive && !isExpired && key.tenant_status === 'active' && key.owner === null && !key.restricts_ip;
}

/**
 * The scopes that hold now: those of the key within the present role of its owner, computed at every look-up (platform.md
 * 1.2). A tenant's own key is bounded by the role owner; in tenant `default`, whose key runs the installation, by the
 * operator's scopes as well.
 */
export function effectiveScopes(key: KeyStanding): string[] {
  const operator = key.tenant_id === defaultTenantId ? platformScopes : [];
  return intersectScopes(key.scopes, [...roleScopes.owner, ...operator]);
}
