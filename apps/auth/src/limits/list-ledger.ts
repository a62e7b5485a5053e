import type { CallContext } from '@universal-api/grpc';
import { readField, timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { ListLedgerRequest, ListLedgerResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import type { LimitParts } from './limit-parts.ts';

type Answer = MessageInitShape<typeof ListLedgerResponseSchema>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Bookings of the tenant, newest first, in pages. An account that the tenant has not has none. Errors: `page_token_invalid` for a
 * token of another account or tenant.
 */
export function listLedger(parts: LimitParts): (request: ListLedgerRequest, context: CallContext) => Promise<Answer> {
  const { database, pageTokens } = parts;
  return async (request, { principal: { tid } }) => {
    const { accountId = '', pageToken } = request;
    const size = readField(request, 'pageSize');
    const page = { list: 'limits.ledger', tenantId: tid, filter: { accountId } };
    const before = pageTokens.read(page, pageToken)?.[0];
    if (accountId !== '' && !uuid.test(accountId)) return { entries: [], nextPageToken: '' };
    const rows = await database.transaction(tid, (tx) => {
      let query = tx
        .selectFrom('quota_entries')
        .select(['entry_id', 'call_id', 'account_id', 'kind', 'amount', 'assumed', 'at'])
        .where('tenant_id', '=', tid);
      if (accountId !== '') query = query.where('account_id', '=', accountId);
      if (typeof before === 'string') query = query.where('entry_id', '<', before);
      return query
        .orderBy('entry_id', 'desc')
        .limit(size + 1)
        .execute();
    });
    const shown = rows.slice(0, size);
    const last = rows.length > size ? shown.at(-1) : undefined;
    return {
      entries: shown.map((row) => ({
        entryId: row.entry_id,
        callId: row.call_id,
        accountId: row.account_id,
        kind: row.kind,
        amount: String(row.amount),
        assumed: row.assumed,
        at: timestampFromDate(row.at),
      })),
      nextPageToken: last ? pageTokens.make(page, [last.entry_id]) : '',
    };
  };
}
