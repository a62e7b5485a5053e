import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { timestampDate, timestampFromDate, type ServiceHandlers } from '@universal-api/protos';
import type { AccountAmount, LedgerService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { Ledger } from './create-ledger.ts';

/** What the service of the ledger works with. */
export interface LedgerServiceParts {
  readonly ledger: Ledger;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A reservation outlives the deadline of its call by this, ms. */
const afterDeadlineMs = 60_000;

/**
 * `uapi.auth.v1.LedgerService`, for other parts of the product. Errors: those of the ledger; `invalid_request` for an amount that
 * is no whole number of at most 18 digits, an account that comes twice, or a unit that is not leased.
 */
export function ledgerService({ ledger, now }: LedgerServiceParts): ServiceHandlers<typeof LedgerService, CallContext> {
  return {
    async reserve({ tenantId = '', callId = '', amounts, deadline }) {
      const endsAt = deadline ? timestampDate(deadline).getTime() : now();
      const { resetsAt, exhausted, reserved } = await ledger.reserve({
        tenantId,
        callId,
        amounts: new Map([...readAmounts(amounts)].filter(([, amount]) => amount > 0n)),
        expiresAt: new Date(endsAt + afterDeadlineMs),
      });
      return { reserved, exhausted: [...exhausted], ...(resetsAt && { resetsAt: timestampFromDate(resetsAt) }) };
    },
    async settle({ tenantId = '', callId = '', amounts }) {
      const { settled, overrun } = await ledger.settle({ tenantId, callId, amounts: readAmounts(amounts) });
      return { settled, overrun: [...overrun] };
    },
    async lease({ tenantId = '', unit, holder = '', returned = 0, leaseId, wanted }) {
      if (unit !== 'calls') throw new AppError('invalid_request', { errors: [{ field: 'unit', rule: 'calls' }] });
      const {
        unlimited,
        granted,
        until,
        resetsAt,
        leaseId: given,
      } = await ledger.lease({
        tenantId,
        holder,
        ...(leaseId !== undefined && uuid.test(leaseId) && { before: { leaseId, unused: returned } }),
        ...(wanted !== undefined && { wanted }),
      });
      return {
        unlimited,
        granted,
        ...(given !== undefined && { leaseId: given }),
        ...(until && { until: timestampFromDate(until) }),
        ...(resetsAt && { resetsAt: timestampFromDate(resetsAt) }),
      };
    },
  };
}

const wholeNumber = /^\d{1,18}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readAmounts(amounts: readonly AccountAmount[]): ReadonlyMap<string, bigint> {
  const read = new Map<string, bigint>();
  for (const [index, { accountId, amount }] of amounts.entries()) {
    if (!wholeNumber.test(amount)) throw refused(`amounts[${index}].amount`, 'a whole number of at most 18 digits');
    if (!uuid.test(accountId) || read.has(accountId)) throw refused(`amounts[${index}].account_id`, 'an account, once');
    read.set(accountId, BigInt(amount));
  }
  return read;
}

function refused(field: string, rule: string): AppError {
  return new AppError('invalid_request', { errors: [{ field, rule }] });
}
