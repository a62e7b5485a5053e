import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { toIpPartition } from '@universal-api/limits';
import type { AccountParts } from '../account-parts.ts';
import { foldEmail } from '../people/email-address.ts';
import { findHomeTenant, findPersonByEmail, type Person } from '../find-person.ts';
import { nobody } from '../passwords/password-store.ts';
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
 * Queues a link if there is an active account that wants it; else the chain alone tells of it. Whoever asks is not told, by the
 * time it takes neither: the limits, by the typed address, and all statements but the link itself are the same either way.
 * Errors: `quota_exceeded`; those of `Database`.
 */
export async function mailLink(parts: Parts, { template, typed, isWanted }: WantedLink, context: CallContext) {
  const email = foldEmail(typed);
  await parts.limits.take({
    'reset-account': parts.accountMacs(email)[0],
    'reset-ip': toIpPartition(context.principal.cip ?? ''),
  });
  const person = await parts.database.instance((tx) => findPersonByEmail(tx, email));
  const isMailed = person?.status === 'active' && isWanted(person);
  const userId = person?.user_id ?? nobody;
  await parts.database.asUser(userId, async (tx) => {
    if (isMailed) {
      const issue = { userId, purpose: template, nowMs: parts.now(), randomBytes: parts.randomBytes };
      const { token, expiresAt } = await issueToken(tx, issue);
      await parts.queueMail(tx, { template, recipient: person.email, token, expiresAt, userId });
    }
    const outcome = isMailed
      ? ({ action: `auth.mail.${template}`, outcome: 'ok' } as const)
      : ({ action: 'auth.mail.refused', outcome: 'refused', reason: reasonOf(person, template) } as const);
    await parts.recordAudit(tx, {
      tenantId: await findHomeTenant(tx, userId),
      // Whoever knows an address can ask: this was not the person.
      actor: 'anonymous',
      actorKind: 'anonymous',
      object: person ? toPublicId('user', userId) : `account:${parts.accountMacs(email)[0].slice(0, 16)}`,
      ...outcome,
      requestId: context.requestId,
      address: context.principal.cip,
    });
  });
}

function reasonOf(person: Person | undefined, template: WantedLink['template']): string {
  if (person === undefined) return 'unknown account';
  return person.status === 'active' ? `${template} has nothing to do here` : 'account not active';
}
