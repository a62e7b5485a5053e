import type { Database, PageTokens } from '@universal-api/database';
import type { Host, OwnedParts } from '@universal-api/service';
import type { EventGroups } from '../events/open-event-groups.ts';
import { startChangeSweeper } from '../revocation/sweep-changes.ts';
import { createWatcherWake } from '../revocation/wake-watchers.ts';
import { watch } from '../revocation/watch.ts';
import { setLogLevel } from '../settings/set-log-level.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { RecordAudit } from './audit-entry.ts';
import { auditService } from './audit-service.ts';
import { takeInAudit } from './take-in-audit.ts';

/** What audit log, watch and settings need of the rest of the service. */
export interface AuditNeeds {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  readonly databaseUrl: string;
  readonly pages: PageTokens;
  readonly recordAudit: RecordAudit;
  readonly groups: EventGroups;
  readonly host: Host;
  readonly owned: OwnedParts;
}

/**
 * Joins the audit log, the watch and the log levels: begins the group `auth.audit`, one connection that listens, and the sweeper,
 * and gives the handlers.
 */
export function joinAudit(needs: AuditNeeds) {
  const { database, worker, databaseUrl, groups, host, owned } = needs;
  groups.start('log', takeInAudit());
  owned.own('sweeper of changes', startChangeSweeper({ worker, log: host.log.part('auth') }));
  const wake = owned.own('watchers', createWatcherWake({ url: databaseUrl, role: 'auth_app' }));
  return {
    audit: auditService(needs),
    watch: watch({ database, wake }),
    logLevels: { setLogLevel: setLogLevel(needs) },
  };
}
