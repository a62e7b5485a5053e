import type { JsonObject } from '@universal-api/protos';
import { AdminService, VerifyLedgerResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import {
  ListSigningKeysResponseSchema,
  PlatformService,
  SetLogLevelResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { toFields } from '../output/to-fields.ts';
import { toCell, toTable } from '../output/to-table.ts';
import type { Command, RunningWithAuth } from '../running.ts';
import { numberOption } from '../words/parse-words.ts';

type PlatformCommand = 'signing rotate' | 'signing list' | 'ledger verify' | 'log-level';

const signingColumns = {
  KID: 'kid',
  STATE: 'state',
  PUBLISHED: 'publish_at',
  'SIGNS FROM': 'use_from',
  'SIGNS UNTIL': 'use_until',
  DROPPED: 'drop_at',
};
const brokenColumns = {
  TENANT: 'tenant_id',
  ACCOUNT: 'account_id',
  SPENT: 'spent',
  BOOKED: 'settled',
  HELD: 'reserved',
  'BOOKED AS HELD': 'open',
};

/** Every account is read in one snapshot. */
const verifyMs = 120_000;

/** What concerns the installation and no tenant. */
export const platformCommands: Readonly<Record<PlatformCommand, Command<RunningWithAuth>>> = {
  async 'signing rotate'({ auth, say }) {
    const fields = toFields(ListSigningKeysResponseSchema, await auth.to(PlatformService).rotateSigningKeys({}, {}));
    const text = `The next key signs as soon as everybody had time to read it.\n\n${signingTable(fields)}`;
    await say({ text, fields });
  },

  async 'signing list'({ auth, say }) {
    const fields = toFields(ListSigningKeysResponseSchema, await auth.to(PlatformService).listSigningKeys({}, {}));
    await say({ text: signingTable(fields), fields });
  },

  async 'ledger verify'({ auth, say }) {
    const answer = await auth.to(AdminService).verifyLedger({}, { withinMs: verifyMs });
    const fields = toFields(VerifyLedgerResponseSchema, answer);
    if (answer.ok) {
      await say({ text: `All ${answer.checked} accounts agree with their bookings.`, fields });
      return 'done';
    }
    const broken = toTable(brokenColumns, fields['broken'] as JsonObject[]);
    const next = 'Stop what spends, and compare the rows of quota_entries with the accounts:';
    const text = `${answer.broken.length} of ${answer.checked} accounts do not agree with their bookings. ${next}\n\n${broken}`;
    await say({ text, fields });
    return 'refused';
  },

  async 'log-level'({ auth, invocation, say }) {
    const { app = '', level = '' } = invocation.words;
    const ttlS = numberOption(invocation, 'ttl-s');
    const request = { service: app, level, ...(ttlS === undefined ? {} : { ttlS }) };
    const fields = toFields(SetLogLevelResponseSchema, await auth.to(PlatformService).setLogLevel(request, {}));
    await say({ text: `${app} logs at ${level} until ${toCell(fields['until'])}.`, fields });
  },
};

function signingTable(fields: Readonly<Record<string, unknown>>): string {
  return toTable(signingColumns, fields['keys'] as JsonObject[]);
}
