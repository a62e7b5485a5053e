import type { Database, PageTokens, WithIdempotency } from '@universal-api/database';
import type { KeyRing, RandomBytes } from '@universal-api/principal';
import { createDataCipher } from '../accounts/data-cipher.ts';
import { toMailLink } from '../accounts/mail/mail-links.ts';
import type { QueueMail } from '../accounts/mail/queue-mail.ts';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { KeyServiceParts } from '../keys/key-service.ts';
import type { PlatformServiceParts } from '../platform/platform-service.ts';
import type { ResolveCredentialParts } from '../rpc/resolve-credential.ts';
import type { RequireFreshProof } from '../sessions/require-fresh-proof.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { createAcceptInvitation } from './accept-invitation.ts';
import { createTenants } from './create-tenant.ts';
import type { TenantServiceParts } from './tenant-service.ts';

/** What keys, tenants and the platform need of the rest of the service. */
export interface TenancyNeeds {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  /** `INTERNAL_AUTH_KEY`, current version first. */
  readonly internalKeys: KeyRing;
  readonly recordAudit: RecordAudit;
  readonly requireFreshProof: RequireFreshProof;
  readonly queueMail: QueueMail;
  readonly pages: PageTokens;
  readonly once: WithIdempotency<AuthTables>;
  /** `PUBLIC_BASE_URL`: where links lead. */
  readonly publicBaseUrl: string;
  /** Whether somebody takes mail: then the link of an invitation is in the mail alone. */
  readonly sendsMail: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
}

/** The parts of keys, tenants and the platform, and what others use of them. */
export interface Tenancy
  extends
    KeyServiceParts,
    TenantServiceParts,
    ResolveCredentialParts,
    Omit<PlatformServiceParts, 'signingKeys' | 'logLevels'> {
  readonly createTenantFor: ReturnType<typeof createTenants>;
  readonly acceptInvitation: ReturnType<typeof createAcceptInvitation>;
}

/** Joins them; opens nothing. */
export function joinTenancy(needs: TenancyNeeds): Tenancy {
  const { dataKeys, publicBaseUrl, sendsMail, now, ...parts } = needs;
  return {
    ...parts,
    clock: now,
    linkOf: sendsMail ? undefined : (token) => toMailLink(publicBaseUrl, 'invitation', token),
    providerCipher: createDataCipher(dataKeys, 'provider-key'),
    createTenantFor: createTenants(parts),
    acceptInvitation: createAcceptInvitation(parts.recordAudit),
  };
}
