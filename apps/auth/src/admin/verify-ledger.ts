import { sql } from '@universal-api/database';
import { toPublicId } from '@universal-api/ids';
import type { MessageInitShape } from '@universal-api/protos';
import type { VerifyLedgerResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import { findBrokenAccounts } from '../ledger/check-invariant.ts';
import type { AdminParts } from './admin-service.ts';

type Answer = MessageInitShape<typeof VerifyLedgerResponseSchema>;

/** Adds up the bookings of every account of every tenant, and names the accounts that do not agree with theirs. */
export function verifyLedger({ worker }: Pick<AdminParts, 'worker'>) {
  return async (): Promise<Answer> => {
    const broken = await findBrokenAccounts(worker);
    const { rows } = await worker.instance((tx) =>
      sql<{ count: bigint }>`SELECT count(*) AS count FROM quota_accounts`.execute(tx),
    );
    return {
      ok: broken.length === 0,
      checked: String(rows[0]?.count ?? 0n),
      broken: broken.map(({ tenantId, accountId, spent, settled, reserved, open }) => ({
        tenantId: toPublicId('tenant', tenantId),
        accountId,
        spent: String(spent),
        settled: String(settled),
        reserved: String(reserved),
        open: String(open),
      })),
    };
  };
}
