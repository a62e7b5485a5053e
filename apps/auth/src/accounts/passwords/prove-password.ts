import type { Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { systemTenantId, toPublicId } from '@universal-api/ids';
import { toIpPartition } from '@universal-api/limits';
import type { RecordAudit } from '../../audit/audit-entry.ts';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { DataMacs } from '../data-macs.ts';
import type { ActLimits } from '../limits/act-limits.ts';
import type { PasswordHasher, PasswordVerdict } from './password-hasher.ts';
import { replaceHash, type PasswordHolder } from './password-store.ts';

/** What checks of passwords are made of. */
export interface PasswordProofParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly hasher: PasswordHasher;
  readonly limits: ActLimits;
  /** Names the account in limits and in the chain without saying the address. */
  readonly accountMacs: DataMacs;
  readonly recordAudit: RecordAudit;
}

/** A password that somebody gives. */
export interface PasswordAttempt {
  /** Folded address of the account, as typed. */
  readonly email: string;
  readonly password: string;
  /** Address of the client. */
  readonly address: string | undefined;
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

/**
 * Checks a password, guarded as platform.md 1.5 says: one decision over pair, account and address before the hash; the charge
 * comes back after a right password and when no hash was made; an unknown account costs the same and is told the same. Each refusal is
 * in the chain, one by the limits once a minute.
 *
 * Errors: `invalid_credentials`, `quota_exceeded`, `overloaded` (2 s), `permission_denied` for an account that is not active,
 * told only to who has its password; those of `Database`.
 */
export async function provePassword(
  parts: PasswordProofParts,
  attempt: PasswordAttempt,
  find: () => Promise<PasswordHolder | undefined>,
): Promise<PasswordHolder> {
  const [account] = parts.accountMacs(attempt.email);
  const ip = toIpPartition(attempt.address ?? '');
  const partitions = { 'login-pair': `${account}|${ip}`, 'login-account': account, 'login-ip': ip };
  const taken = await parts.limits.take(partitions).catch(async (error: unknown) => {
    if (AppError.is(error) && error.code === 'quota_exceeded' && (await parts.limits.isToBeTold(account, ip))) {
      const names = error.details.violatedPolicies?.join(', ');
      await recordRefusal(parts, attempt, await find(), `too many tries (${names})`);
    }
    throw error;
  });
  let holder: PasswordHolder | undefined;
  let verdict: PasswordVerdict;
  try {
    holder = await find();
    verdict = await parts.hasher.check(attempt.password, holder?.stored, attempt.signal);
  } catch (error) {
    // Nothing was compared, so nobody has learned anything.
    await taken.giveBack();
    throw error;
  }
  if (holder === undefined || !verdict.isRight) {
    await recordRefusal(parts, attempt, holder, holder ? 'wrong password' : 'unknown account');
    throw new AppError('invalid_credentials');
  }
  await taken.giveBack();
  if (holder.person.status !== 'active') {
    await recordRefusal(parts, attempt, holder, 'account not active');
    throw new AppError('permission_denied', { detail: 'This account is disabled.' });
  }
  if (verdict.isOutdated) await renewHash(parts, attempt, holder);
  return holder;
}

async function recordRefusal(
  { database, recordAudit, accountMacs }: PasswordProofParts,
  { email, address, requestId }: PasswordAttempt,
  holder: PasswordHolder | undefined,
  reason: string,
): Promise<void> {
  await database.instance((tx) =>
    recordAudit(tx, {
      tenantId: holder?.homeTenant ?? systemTenantId,
      actor: 'anonymous',
      actorKind: 'anonymous',
      action: 'auth.login.refused',
      object: holder ? toPublicId('user', holder.person.user_id) : `account:${accountMacs(email)[0].slice(0, 16)}`,
      outcome: 'refused',
      reason,
      requestId,
      address,
    }),
  );
}

async function renewHash(
  { database, hasher }: PasswordProofParts,
  { password, signal }: PasswordAttempt,
  { person, stored }: PasswordHolder,
): Promise<void> {
  if (stored === undefined) return;
  try {
    const to = await hasher.hash(password, signal);
    await replaceHash(database, { userId: person.user_id, from: stored, to });
  } catch (error) {
    // The password is right, whatever hinders a stronger hash of it: the next login tries again.
    if (!AppError.is(error) || error.code !== 'overloaded') throw error;
  }
}
