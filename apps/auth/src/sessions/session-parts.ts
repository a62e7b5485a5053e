import type { Database } from '@universal-api/database';
import type { EpochClock, RandomBytes } from '@universal-api/principal';
import type { CheckLogin } from '../accounts/passwords/check-login.ts';
import type { CheckPassword } from '../accounts/passwords/check-password.ts';
import type { SecondFactor } from '../accounts/totp/second-factor.ts';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { IssueAccessToken } from '../signing-keys/issue-access-token.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { SessionTimes } from './session-times.ts';

/** What sessions are made of. */
export interface SessionParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly issue: IssueAccessToken;
  readonly recordAudit: RecordAudit;
  readonly times: SessionTimes;
  readonly clock: EpochClock;
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
}

/** What proves who somebody is. */
export interface ProofParts {
  readonly checkLogin: CheckLogin;
  readonly checkPassword: CheckPassword;
  readonly secondFactor: SecondFactor;
}
