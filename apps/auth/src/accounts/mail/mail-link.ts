import type { CallContext } from '@universal-api/grpc';
import { toIpPartition } from '@universal-api/limits';
import type { AccountParts } from '../account-parts.ts';
import { foldEmail } from '../people/email-address.ts';
import { findHomeTenant, findPersonByEmail, type Person } from '../find-person.ts';
import { recordAct } from '../record-act.ts';
import { issueToken } from '../tokens/one-time-tokens.ts';

/** A link that somebody asks for, for an address that they typed. */
export interface WantedLink {
  readonly template: 'verify_email' | 'reset_password';
  readonly typed: string;
  readonly isWanted: (person: Person) => boolean;
}

type Parts = Pick<
  AccountParts,
  'database' | 'limits' | 'accountMacs' | 'queueMail' | 'recordAudit' | 'now' | 'randomBytes'
>;

/**
 * Queues a link if there is an active account that wants it. Whoever asks is not told; the limits, by the typed address, are the
 * same either way. Errors: `quota_exceeded`; those of `Database`.
 */
export async function mailLink(parts: Parts, { template, typed, isWanted }: WantedLink, context: CallContext) {
  const email = foldEmail(typed);
  await parts.limits.take({
    'reset-account': parts.accountMacs(email)[0],
    'reset-ip': toIpPartition(context.principal.cip ?? ''),
  });
  const person = await parts.database.instance((tx) => findPersonByEmail(tx, email));
  if (person === undefined || person.status !== 'active' || !isWanted(person)) return;
  const userId = person.user_id;
  await parts.database.asUser(userId, async (tx) => {
    const issue = { userId, purpose: template, nowMs: parts.now(), randomBytes: parts.randomBytes };
    const { token, expiresAt } = await issueToken(tx, issue);
    await parts.queueMail(tx, { template, recipient: person.email, token, expiresAt, userId });
    const tenantId = await findHomeTenant(tx, userId);
    await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: `auth.mail.${template}` });
  });
}
