import type { Database, PageTokens } from '@universal-api/database';
import { createAppend, productEvents } from '@universal-api/events';
import type { RateLimiter, RateOverrides } from '@universal-api/limits';
import type { Host, OwnedParts } from '@universal-api/service';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { EventGroups } from '../events/open-event-groups.ts';
import { limitService } from '../limits/limit-service.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { takeInUsage } from '../usage/take-in-usage.ts';
import { createLedger } from './create-ledger.ts';
import { ledgerService } from './ledger-service.ts';
import { runUpkeep } from './run-upkeep.ts';

/** What the ledger and the limits need of the rest of the service. */
export interface LedgerNeeds {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  /** `RL_*` of the installation. */
  readonly rateOverrides: RateOverrides;
  readonly recordAudit: RecordAudit;
  readonly pageTokens: PageTokens;
  /** The buckets that the gateways share; absent: each has its own. */
  readonly buckets?: Pick<RateLimiter, 'decide'>;
  readonly groups: EventGroups;
  readonly host: Host;
  readonly owned: OwnedParts;
}

/** Joins ledger, limits and usage: begins the upkeep and the group `auth.usage`, and gives the handlers of both services. */
export function joinLedger(needs: LedgerNeeds) {
  const { database, worker, groups, host, owned } = needs;
  const { newId, now } = host;
  const append = createAppend({ catalogue: productEvents, service: 'auth', createId: newId });
  const ledger = createLedger({ database, worker, append, newId });
  owned.own('upkeep of the ledger', runUpkeep({ ledger, database, worker, append, host }));
  groups.start('telemetry', takeInUsage(append));
  return {
    ledger: ledgerService({ ledger, now }),
    limits: limitService({ ...needs, newId }),
  };
}
