import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type {
  ListMailOutboxRequest,
  ListMailOutboxResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { auditBy } from '../../access/audit-by.ts';
import type { AccountParts } from '../account-parts.ts';
import { toMailLink } from '../mail/mail-links.ts';
import type { OutboxRow } from '../mail/outbox-store.ts';
import { createMailCipher } from '../mail/queue-mail.ts';

type Answer = MessageInitShape<typeof ListMailOutboxResponseSchema>;

const query = { list: 'auth.mail_outbox', tenantId: systemTenantId } as const;
const defaultSize = 20;

/**
 * Mail that no sender has taken and whose link still works, oldest first, with the links: who reads this can use them, so each
 * look is on the platform's chain. Errors: `not_found` where operators may not read it; `page_token_invalid`.
 */
export function listMailOutbox(parts: AccountParts) {
  const { outbox, settings, pages } = parts;
  const cipher = createMailCipher(parts.dataKeys);
  const toMail = ({ mail_id, template, recipient, token, created_at, expires_at }: OutboxRow) => ({
    id: mail_id,
    template,
    recipient,
    link: token === null ? '' : toMailLink(settings.baseUrl, template, cipher.open(token, mail_id).toString()),
    createdAt: timestampFromDate(created_at),
    expiresAt: timestampFromDate(expires_at),
  });
  return async ({ pageSize, pageToken }: ListMailOutboxRequest, context: CallContext): Promise<Answer> => {
    if (!settings.showsOutbox) {
      throw new AppError('not_found', { detail: 'Mail that waits is shown by the product of one process alone.' });
    }
    const [after] = pages.read(query, pageToken) ?? [];
    const size = pageSize ?? defaultSize;
    const rows = await outbox.listWaiting({ after: after === undefined ? undefined : String(after), count: size + 1 });
    const shown = rows.slice(0, size);
    await recordLook(parts, context, shown.length);
    const last = shown.at(-1);
    const nextPageToken = rows.length > size && last !== undefined ? pages.make(query, [last.mail_id]) : '';
    return { mails: shown.map(toMail), nextPageToken };
  };
}

async function recordLook({ database, recordAudit }: AccountParts, context: CallContext, count: number) {
  if (count === 0) return;
  await database.instance((tx) =>
    recordAudit(tx, {
      ...auditBy(context),
      tenantId: systemTenantId,
      action: 'auth.mail_outbox.read',
      object: 'mail_outbox',
      outcome: 'ok',
      diff: { mails: String(count) },
    }),
  );
}
