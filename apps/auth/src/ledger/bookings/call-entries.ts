import type { Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { CallOnAccount } from './book-call.ts';

/** What is booked of a call on an account, and in which period it was settled. */
export interface BookedCall extends CallOnAccount {
  readonly settledIn?: Date;
  readonly hasExpired: boolean;
}

/** What is booked of a call, by account. */
export async function readCall(
  tx: Transaction<AuthTables>,
  tenantId: string,
  callId: string,
): Promise<ReadonlyMap<string, BookedCall>> {
  const rows = await tx
    .selectFrom('quota_entries')
    .select(['account_id', 'kind', 'amount', 'assumed', 'period_start', 'started', 'closed_at'])
    .where('tenant_id', '=', tenantId)
    .where('call_id', '=', callId)
    .execute();
  const accounts = [...new Set(rows.map((row) => row.account_id))].sort();
  return new Map(
    accounts.map((accountId) => {
      const of = (kind: (typeof rows)[number]['kind']) =>
        rows.find((row) => row.account_id === accountId && row.kind === kind);
      const [reserve, settle] = [of('reserve'), of('settle')];
      return [
        accountId,
        {
          ...(reserve && {
            reserve: {
              amount: reserve.amount,
              isOpen: reserve.closed_at === null,
              ...(reserve.started === null ? {} : { started: reserve.started }),
            },
          }),
          ...(settle && { settle, settledIn: settle.period_start }),
          isCorrected: of('correct') !== undefined,
          hasExpired: of('expire') !== undefined,
        },
      ] as const;
    }),
  );
}

/** A call that nothing is booked of on an account. */
export const unbooked: BookedCall = { isCorrected: false, hasExpired: false };
