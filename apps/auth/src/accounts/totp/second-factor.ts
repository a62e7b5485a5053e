import type { Database, Transaction } from '@universal-api/database';
import { toPublicId } from '@universal-api/ids';
import type { RecordAudit } from '../../audit/audit-entry.ts';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { DataMacs } from '../data-macs.ts';
import type { EndSessions } from '../end-sessions.ts';
import { findHomeTenant } from '../find-person.ts';
import type { ActLimits } from '../limits/act-limits.ts';
import { readTotp, takeRecoveryCode, takeTotpStep } from './factor-store.ts';
import { readRecoveryCode } from './recovery-codes.ts';
import { findTotpStep } from './totp-codes.ts';
import type { TotpSecrets } from './totp-secrets.ts';
import { tryCode, wrongCode } from './try-code.ts';

/** What a second factor is made of. */
export interface SecondFactorParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly secrets: TotpSecrets;
  readonly recoveryMacs: DataMacs;
  readonly limits: ActLimits;
  readonly endSessions: EndSessions;
  readonly recordAudit: RecordAudit;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Where a code comes from. */
export interface CodeOrigin {
  /** The session that gives it, which lives on after a recovery code; absent: all end. */
  readonly sessionId?: string;
  readonly address?: string;
  readonly requestId?: string;
}

/** The second factor of a login. */
export interface SecondFactor {
  /** Whether the user has confirmed one. */
  isOn(userId: string): Promise<boolean>;
  /**
   * Takes a code of the authenticator (six digits, each step once) or a recovery code (once; the user's other sessions end).
   * Five tries in 15 minutes; a right one gives its try back, and so does a failure that says nothing of the code. A refusal
   * is in the chain.
   * Errors: `invalid_credentials`, also without a second factor; `quota_exceeded`; those of `Database`.
   */
  check(userId: string, code: string, origin?: CodeOrigin): Promise<'otp' | 'recovery'>;
}

const codeShape = /^\d{6}$/;

/** The second factor over PostgreSQL. */
export function createSecondFactor(parts: SecondFactorParts): SecondFactor {
  const { database, limits } = parts;
  return {
    isOn: (userId) => database.asUser(userId, async (tx) => (await readTotp(tx, userId))?.isConfirmed === true),
    async check(userId, code, origin = {}) {
      const way = codeShape.test(code) ? ('otp' as const) : ('recovery' as const);
      return tryCode(limits, userId, async () => {
        // A refusal is told in the chain, so it is thrown once that has committed.
        const isRight = await database.asUser(userId, async (tx) => {
          const tenantId = await findHomeTenant(tx, userId);
          const attempt = { tx, userId, code, origin, tenantId };
          return way === 'otp' ? takeOtp(parts, attempt) : takeRecovery(parts, attempt);
        });
        if (!isRight) throw wrongCode();
        return way;
      });
    },
  };
}

interface Attempt {
  readonly tx: Transaction<AuthTables>;
  readonly userId: string;
  readonly code: string;
  readonly origin: CodeOrigin;
  readonly tenantId: string;
}

async function takeOtp(parts: SecondFactorParts, attempt: Attempt): Promise<boolean> {
  const { tx, userId, code } = attempt;
  const stored = await readTotp(tx, userId);
  if (stored?.isConfirmed) {
    const step = findTotpStep(parts.secrets.open(stored.sealed, userId), code, parts.now());
    const isTaken =
      step !== undefined && (await takeTotpStep(tx, { userId, sealed: stored.sealed, step, confirms: false }));
    if (isTaken) return true;
  }
  await record(parts, attempt, 'auth.second_factor.refused', 'refused');
  return false;
}

async function takeRecovery(parts: SecondFactorParts, attempt: Attempt): Promise<boolean> {
  const { tx, userId, origin } = attempt;
  const code = readRecoveryCode(attempt.code);
  if (code === undefined || !(await takeRecoveryCode(tx, userId, parts.recoveryMacs(`${userId}:${code}`)))) {
    await record(parts, attempt, 'auth.second_factor.refused', 'refused');
    return false;
  }
  await parts.endSessions(tx, { userId, exceptSessionId: origin.sessionId });
  await record(parts, attempt, 'auth.recovery_code.used', 'ok');
  return true;
}

async function record(
  { recordAudit }: SecondFactorParts,
  { tx, userId, origin, tenantId }: Attempt,
  action: string,
  outcome: 'ok' | 'refused',
): Promise<void> {
  await recordAudit(tx, {
    tenantId,
    actor: userId,
    actorKind: 'user',
    action,
    object: toPublicId('user', userId),
    outcome,
    address: origin.address,
    requestId: origin.requestId,
  });
}
