import { sql } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { FindMailLinkRequest, FindMailLinkResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import { auditBy } from '../access/audit-by.ts';
import { toMailLink } from '../accounts/mail/mail-links.ts';
import type { OutboxRow } from '../accounts/mail/outbox-store.ts';
import { createMailCipher } from '../accounts/mail/queue-mail.ts';
import { foldEmail } from '../accounts/people/email-address.ts';
import type { AdminParts } from './admin-service.ts';

type Answer = MessageInitShape<typeof FindMailLinkResponseSchema>;

/**
 * The newest link that waits for an address: who runs the installation hands it on where no mail is sent. Who has it can use it,
 * so the look is on the platform's chain before the link is out. Errors: `not_found`.
 */
export function findMailLink({ database, worker, recordAudit, dataKeys, baseUrl }: AdminParts) {
  const cipher = createMailCipher(dataKeys);
  return async (request: FindMailLinkRequest, context: CallContext): Promise<Answer> => {
    const recipient = foldEmail(request.email ?? '');
    const mail = await worker.instance(async (tx) => {
      const { rows } = await sql<OutboxRow>`
        SELECT * FROM mail_outbox
        WHERE recipient = ${recipient} AND accepted_at IS NULL AND token IS NOT NULL AND expires_at > now()
        ORDER BY mail_id DESC LIMIT 1`.execute(tx);
      return rows[0];
    });
    if (mail === undefined || mail.token === null)
      throw new AppError('not_found', { detail: 'No link that still works waits for this address.' });
    const { mail_id: mailId, template, token } = mail;
    await database.instance((tx) =>
      recordAudit(tx, {
        ...auditBy(context),
        tenantId: systemTenantId,
        action: 'auth.mail_outbox.read',
        object: 'mail_outbox',
        outcome: 'ok',
        diff: { mails: '1', mail: mailId, template },
      }),
    );
    return {
      template,
      link: toMailLink(baseUrl, template, cipher.open(token, mailId).toString()),
      createdAt: timestampFromDate(mail.created_at),
      expiresAt: timestampFromDate(mail.expires_at),
    };
  };
}
