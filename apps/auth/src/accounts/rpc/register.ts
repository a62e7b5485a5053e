import type { Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { toIpPartition } from '@universal-api/limits';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { RegisterRequest, RegisterResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AuthTables } from '../../store/auth-tables.ts';
import { requireInvitation } from '../../tenants/accept-invitation.ts';
import type { AccountParts } from '../account-parts.ts';
import { addPerson } from '../people/add-person.ts';
import { foldEmail, isEmail, localPartOf } from '../people/email-address.ts';
import type { Person } from '../find-person.ts';
import { putPassword } from '../passwords/password-store.ts';
import { recordAct } from '../record-act.ts';
import { required } from '../required.ts';
import { issueToken } from '../tokens/one-time-tokens.ts';

/** A new account as wanted. */
interface Wanted {
  readonly email: string;
  readonly username: string | undefined;
  readonly inviteToken: string | undefined;
  readonly phc: string;
}

/**
 * Makes an account, with a tenant of its own or in that of an invitation, and queues the mail that proves the address, all in
 * one transaction (platform.md 1.3, E098).
 *
 * Errors: `permission_denied` where registration is closed or by invitation; `invalid_request` for a malformed address or a
 * password that must not be used; `already_exists` for a taken address or name; `invalid_grant` for a bad invitation;
 * `quota_exceeded` after five an hour from an address; `overloaded`.
 */
export function register(parts: AccountParts) {
  return async (
    request: RegisterRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof RegisterResponseSchema>> => {
    const { username, inviteToken } = request;
    const email = foldEmail(required(request.email, 'email'));
    const password = required(request.password, 'password');
    checkMayRegister(parts, inviteToken);
    if (!isEmail(email)) throw new AppError('invalid_request', { errors: [{ field: 'email', rule: 'email' }] });
    await parts.checkRule({ password, field: 'password', email, username, tenantNames: [] });
    await parts.limits.take({ 'register-ip': toIpPartition(context.principal.cip ?? '') });
    // Before the address is looked for: only who is invited may learn that it has an account.
    if (inviteToken !== undefined) {
      await parts.database.instance((tx) => requireInvitation(tx, inviteToken, email));
    }
    const phc = await parts.hasher.hash(password, context.signal);
    const userId = parts.newId();
    const wanted = { email, username, inviteToken, phc };
    return parts.database.asUser(userId, (tx) => store(parts, { tx, context, userId, wanted }));
  };
}

function checkMayRegister({ settings }: AccountParts, inviteToken: string | undefined): void {
  if (settings.registration === 'closed') {
    throw new AppError('permission_denied', { detail: 'This installation takes no new accounts.' });
  }
  if (settings.registration === 'invite' && inviteToken === undefined) {
    throw new AppError('permission_denied', { detail: 'A new account needs an invitation here.' });
  }
}

interface Storing {
  readonly tx: Transaction<AuthTables>;
  readonly context: CallContext;
  readonly userId: string;
  readonly wanted: Wanted;
}

async function store(parts: AccountParts, storing: Storing) {
  const { tx, context, userId, wanted } = storing;
  const { email, username, phc } = wanted;
  const person = await addPerson(tx, { userId, email, username, randomBytes: parts.randomBytes });
  await putPassword(tx, { userId, phc, credentialId: parts.newId() });
  const issue = { userId, purpose: 'verify_email', nowMs: parts.now(), randomBytes: parts.randomBytes } as const;
  const { token, expiresAt } = await issueToken(tx, issue);
  await parts.queueMail(tx, { template: 'verify_email', recipient: email, token, expiresAt, userId });
  const { tenantId } = await placePerson(parts, storing, person);
  await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.user.registered' });
  return {
    id: toPublicId('user', userId),
    email,
    username: person.username,
    isActive: person.status === 'active',
    emailVerified: false,
    createdAt: timestampFromDate(person.created_at),
    tenantId: toPublicId('tenant', tenantId),
  };
}

async function placePerson(parts: AccountParts, { tx, userId, wanted }: Storing, person: Person) {
  const { email, inviteToken } = wanted;
  if (inviteToken !== undefined) return parts.acceptInvitation(tx, inviteToken, { userId, email });
  const plan = parts.settings.defaultPlan;
  return parts.createTenantFor(tx, { userId, name: person.username || localPartOf(email), plan, pool: 'local' });
}
