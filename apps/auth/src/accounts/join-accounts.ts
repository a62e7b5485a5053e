import type { Database, PageTokens } from '@universal-api/database';
import type { RateLimiter, RateOverrides } from '@universal-api/limits';
import type { KeyRing, RandomBytes } from '@universal-api/principal';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { RequireFreshProof } from '../sessions/require-fresh-proof.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { AcceptInvitation, AccountParts, AccountSettings, CreateTenantFor } from './account-parts.ts';
import { createDataMacs } from './data-macs.ts';
import type { EndSessions } from './end-sessions.ts';
import { createActLimits } from './limits/act-limits.ts';
import { createOutboxStore } from './mail/outbox-store.ts';
import { createQueueMail } from './mail/queue-mail.ts';
import { createLoginCheck, type CheckLogin } from './passwords/check-login.ts';
import { createPasswordCheck } from './passwords/check-password.ts';
import { loadCommonPasswords } from './passwords/common-passwords.ts';
import { createPasswordHasher, type Argon, type HasherSettings } from './passwords/password-hasher.ts';
import { createPasswordRule } from './passwords/password-rule.ts';
import { createSecondFactor, type SecondFactor } from './totp/second-factor.ts';
import { createTotpSecrets } from './totp/totp-secrets.ts';

/** What accounts need of the rest of the service. */
export interface AccountNeeds {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  readonly hashing: HasherSettings;
  /** Whether a password is in the installation's list of breached ones; absent: there is none. */
  readonly isBreached?: (password: string) => Promise<boolean>;
  readonly limiter: RateLimiter;
  readonly overrides?: RateOverrides;
  readonly recordAudit: RecordAudit;
  readonly endSessions: EndSessions;
  readonly createTenantFor: CreateTenantFor;
  readonly acceptInvitation: AcceptInvitation;
  readonly requireFreshProof: RequireFreshProof;
  readonly pages: PageTokens;
  readonly settings: AccountSettings;
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
  /** The computation of hashes; absent: the real one. For tests that count. */
  readonly argon?: Argon;
}

/** The parts of accounts, with what others use of them. */
export interface Accounts extends AccountParts {
  readonly checkLogin: CheckLogin;
  readonly secondFactor: SecondFactor;
}

/** Joins the parts of accounts; opens nothing. */
export function joinAccounts(needs: AccountNeeds): Accounts {
  const { database, dataKeys, recordAudit, now, newId, randomBytes } = needs;
  const limits = createActLimits(needs);
  const accountMacs = createDataMacs(dataKeys, 'account');
  const recoveryMacs = createDataMacs(dataKeys, 'recovery');
  const totpSecrets = createTotpSecrets(dataKeys, randomBytes);
  const hasher = createPasswordHasher(needs.hashing, needs.argon);
  const proof = { database, hasher, limits, accountMacs, recordAudit };
  return {
    database,
    outbox: createOutboxStore(needs.worker),
    dataKeys,
    hasher,
    checkLogin: createLoginCheck(proof),
    checkPassword: createPasswordCheck(proof),
    secondFactor: createSecondFactor({
      ...proof,
      secrets: totpSecrets,
      recoveryMacs,
      endSessions: needs.endSessions,
      now,
    }),
    checkRule: createPasswordRule({
      common: loadCommonPasswords(),
      ...(needs.isBreached ? { isBreached: needs.isBreached } : {}),
    }),
    limits,
    accountMacs,
    totpSecrets,
    recoveryMacs,
    queueMail: createQueueMail({ dataKeys, newId }),
    recordAudit,
    endSessions: needs.endSessions,
    createTenantFor: needs.createTenantFor,
    acceptInvitation: needs.acceptInvitation,
    requireFreshProof: needs.requireFreshProof,
    pages: needs.pages,
    settings: needs.settings,
    now,
    newId,
    randomBytes,
  };
}
