import { LedgerOverrunSchema } from '@universal-api/protos/gen/uapi/events/v1/limits_pb';
import { defineEvent } from './define-event.ts';

/** A call cost more than was reserved for it, and was booked whole. */
export const ledgerOverrun = defineEvent({
  name: 'ledger.overrun',
  version: 1,
  topic: 'uapi.auth.v1',
  messageSchema: LedgerOverrunSchema,
  durability: 'tx',
  ordered: false,
  visibility: 'tenant',
  deliverable: true,
  sensitive: false,
  example: {
    accountId: '0190b5c2-7a10-7000-8000-00000000000d',
    callId: '0190b5c2-7a10-7000-8000-00000000000a',
    unit: 'nano_usd',
    reserved: '2000000',
    settled: '2100000',
  },
});
