import type { Transaction } from '@universal-api/database';
import type { KeyRing } from '@universal-api/principal';
import type { AuthTables, MailOutboxTable } from '../../store/auth-tables.ts';
import { createDataCipher, type DataCipher } from '../data-cipher.ts';

/** Mail with a link. */
export interface OutgoingMail {
  readonly template: MailOutboxTable['template'];
  /** Address. */
  readonly recipient: string;
  /** What the link carries; sealed until it was delivered or has expired. */
  readonly token: string;
  readonly expiresAt: Date;
  /** Whose account it is about; absent if the address has none yet. */
  readonly userId?: string;
}

/** Queues mail in the transaction of the change (platform.md 1.5): it waits exactly if the change was made. */
export type QueueMail = (tx: Transaction<AuthTables>, mail: OutgoingMail) => Promise<void>;

/** What queueing is made of. */
export interface QueueMailParts {
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
}

/** Seals the tokens in mail; the owner is the row. */
export function createMailCipher(dataKeys: KeyRing): DataCipher {
  return createDataCipher(dataKeys, 'mail');
}

/** Makes the function that queues, for transactions of role `auth_app`. */
export function createQueueMail({ dataKeys, newId }: QueueMailParts): QueueMail {
  const cipher = createMailCipher(dataKeys);
  return async (tx, { template, recipient, token, expiresAt, userId }) => {
    const mailId = newId();
    const sealed = cipher.seal(Buffer.from(token), mailId);
    const row = { mail_id: mailId, template, recipient, user_id: userId ?? null, token: sealed, expires_at: expiresAt };
    await tx.insertInto('mail_outbox').values(row).execute();
  };
}
