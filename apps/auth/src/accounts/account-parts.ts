import type { Database, PageTokens, Transaction } from '@universal-api/database';
import type { CredentialPool, KeyRing, Plan, RandomBytes, Role } from '@universal-api/principal';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { RequireFreshProof } from '../sessions/require-fresh-proof.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { EndSessions } from './end-sessions.ts';
import type { ActLimits } from './limits/act-limits.ts';
import type { OutboxStore } from './mail/outbox-store.ts';
import type { QueueMail } from './mail/queue-mail.ts';
import type { CheckPassword } from './passwords/check-password.ts';
import type { PasswordHasher } from './passwords/password-hasher.ts';
import type { CheckPasswordRule } from './passwords/password-rule.ts';
import type { DataMacs } from './data-macs.ts';
import type { TotpSecrets } from './totp/totp-secrets.ts';

/** Who may make an account: everybody, who holds an invitation, nobody. */
export type Registration = 'open' | 'invite' | 'closed';

/** What the installation decides about accounts. */
export interface AccountSettings {
  /** `AUTH_REGISTRATION`. */
  readonly registration: Registration;
  /** `AUTH_DEFAULT_PLAN`: plan of the tenant that comes with an account. */
  readonly defaultPlan: Plan;
  /** `PUBLIC_BASE_URL`: where links lead. */
  readonly baseUrl: string;
  /** Whether operators may read mail that waits, with its links: only in the product of one process. */
  readonly showsOutbox: boolean;
}

/** Makes a tenant in a transaction, owned by a user. */
export type CreateTenantFor = (
  tx: Transaction<AuthTables>,
  tenant: { readonly userId: string; readonly name: string; readonly plan: Plan; readonly pool: CredentialPool },
) => Promise<{ readonly tenantId: string }>;

/** Makes a user a member by an invitation, in a transaction. */
export type AcceptInvitation = (
  tx: Transaction<AuthTables>,
  token: string,
  member: { readonly userId: string; readonly email: string },
) => Promise<{ readonly tenantId: string; readonly role: Role }>;

/** What the operations on accounts are made of. */
export interface AccountParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly outbox: OutboxStore;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  readonly hasher: PasswordHasher;
  readonly checkPassword: CheckPassword;
  readonly checkRule: CheckPasswordRule;
  readonly limits: ActLimits;
  readonly accountMacs: DataMacs;
  readonly totpSecrets: TotpSecrets;
  readonly recoveryMacs: DataMacs;
  readonly queueMail: QueueMail;
  readonly recordAudit: RecordAudit;
  readonly endSessions: EndSessions;
  readonly createTenantFor: CreateTenantFor;
  readonly acceptInvitation: AcceptInvitation;
  readonly requireFreshProof: RequireFreshProof;
  /** Page tokens of the service. */
  readonly pages: PageTokens;
  readonly settings: AccountSettings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
}
