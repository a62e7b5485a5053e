import type { Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { readField, timestampFromDate, type ServiceHandlers } from '@universal-api/protos';
import type { PlatformService } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { writeLogLevel } from './log-levels.ts';

/** The apps there are: each takes its own level from its watch. */
export const apps = ['gateway', 'search', 'video', 'assistant', 'analytics', 'auth', 'webhook'] as const;

/** What the RPC works with. */
export interface SetLogLevelParts {
  /** Pool of `auth_app`. */
  readonly database: Pick<Database<AuthTables>, 'instance'>;
  readonly recordAudit: RecordAudit;
}

/**
 * Sets the log level of an app in all its processes, within 5 s, for `ttl_s` seconds; in the chain of the platform.
 * Errors: `invalid_request` for an app that there is not.
 */
export function setLogLevel({
  database,
  recordAudit,
}: SetLogLevelParts): ServiceHandlers<typeof PlatformService, CallContext>['setLogLevel'] {
  return async (request, context) => {
    const [service, level, ttlS] = [
      readField(request, 'service'),
      readField(request, 'level'),
      readField(request, 'ttlS'),
    ];
    if (!apps.some((app) => app === service))
      throw new AppError('invalid_request', { errors: [{ field: 'service', rule: `one of ${apps.join(', ')}` }] });
    const { held } = await database.instance(async (tx) => {
      const written = await writeLogLevel(tx, { service, level, ttlS });
      await recordAudit(tx, {
        ...auditBy(context),
        tenantId: systemTenantId,
        action: 'platform.log_level.set',
        object: service,
        outcome: 'ok',
        diff: { level, ttl_s: String(ttlS), ...(written.before === undefined ? {} : { before: written.before }) },
      });
      return written;
    });
    return { service, level, until: timestampFromDate(held.until) };
  };
}
