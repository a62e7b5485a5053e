import { sql } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { MessageInitShape } from '@universal-api/protos';
import type { QuotaAccountSchema, SetBudgetRequest } from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { auditBy } from '../access/audit-by.ts';
import { readAccounts, toAccount } from './list-quotas.ts';
import type { LimitParts } from './limit-parts.ts';

type Answer = MessageInitShape<typeof QuotaAccountSchema>;

/**
 * The limit of a money account, or none. What is spent and reserved stays; what is left under the new limit is told of anew. Below
 * what is spent, nothing more is let through.
 *
 * Errors: `not_found` for an account that the tenant has not; `invalid_request` for one that does not count money: its limit is
 * the plan's.
 */
export function setBudget(parts: LimitParts): (request: SetBudgetRequest, context: CallContext) => Promise<Answer> {
  const { database, recordAudit } = parts;
  return async ({ accountId = '', limit = '' }, context) => {
    const { tid } = context.principal;
    return database.transaction(tid, async (tx) => {
      const [account] = await readAccounts(tx, parts, tid, accountId);
      if (!account) throw new AppError('not_found', { detail: 'The tenant has no such account.' });
      if (account.unit !== 'nano_usd') {
        throw new AppError('invalid_request', { errors: [{ field: 'account_id', rule: 'an account of money' }] });
      }
      const wanted = limit === '' ? null : BigInt(limit);
      await sql`UPDATE quota_accounts SET "limit" = ${wanted}::bigint, told_pct = NULL
        WHERE tenant_id = ${tid} AND account_id = ${accountId}`.execute(tx);
      await recordAudit(tx, {
        ...auditBy(context),
        action: 'limits.budget_set',
        object: accountId,
        outcome: 'ok',
        diff: { limit: limit || 'none', before: account.limit === null ? 'none' : String(account.limit) },
      });
      return toAccount({ ...account, limit: wanted });
    });
  };
}
