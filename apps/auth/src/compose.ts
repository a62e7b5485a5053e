import { checkSchema, createIdempotency, createPageTokens, openDatabase } from '@universal-api/database';
import { eventsMigrations } from '@universal-api/events';
import type { RateOverrides } from '@universal-api/limits';
import type { KeyRing } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { AdminService } from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import { AuditService } from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import { AccountService } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { AuthService, LedgerService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { KeyService } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { LimitService } from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { SessionService } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { PlatformService, TenantService } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import {
  openKafka,
  openServiceParts,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
import { randomBytes } from 'node:crypto';
import { accountService } from './accounts/account-service.ts';
import type { AccountConfig } from './accounts/account-variables.ts';
import { createQueueMail } from './accounts/mail/queue-mail.ts';
import { openAccounts } from './accounts/open-accounts.ts';
import { adminService } from './admin/admin-service.ts';
import { joinAudit } from './audit/join-audit.ts';
import { createRecordAudit } from './audit/record-audit.ts';
import { authService } from './auth-service.ts';
import { bootstrapInstallation, type Bootstrapped, type InstallationKey } from './bootstrap/bootstrap-installation.ts';
import type { TokenSettings } from './config.ts';
import { openEventGroups } from './events/open-event-groups.ts';
import { keyService } from './keys/key-service.ts';
import { joinLedger } from './ledger/join-ledger.ts';
import { platformService } from './platform/platform-service.ts';
import { joinSessions } from './sessions/join-sessions.ts';
import { sessionService } from './sessions/session-service.ts';
import { startSessionSweeper } from './sessions/sweep-sessions.ts';
import { getJwks } from './signing-keys/get-jwks.ts';
import { signingKeyHandlers } from './signing-keys/signing-key-handlers.ts';
import { createApiKeyStore } from './store/api-key-store.ts';
import { authMigrations } from './store/auth-migrations.ts';
import type { AuthTables } from './store/auth-tables.ts';
import { createInstallationStore } from './store/installation-store.ts';
import { joinTenancy } from './tenants/join-tenancy.ts';
import { tenantService } from './tenants/tenant-service.ts';

export { accountVariables, toAccountConfig } from './accounts/account-variables.ts';
export { sessionVariables, toTokenSettings } from './config.ts';
export { authMigrations };
export type { Bootstrapped, InstallationKey };

/** What the auth service is made of. */
export interface AuthSettings extends ServiceSettings {
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  /** `PUBLIC_BASE_URL`, without a slash at its end: issuer of access tokens, and where links lead. */
  readonly publicBaseUrl: string;
  readonly tokens: TokenSettings;
  readonly accounts: AccountConfig;
  /** Whether operators may read mail that waits, with its links: only in the product of one process. */
  readonly showsOutbox?: boolean;
  /** `RL_*`; absent: none. */
  readonly rateOverrides?: RateOverrides;
}

/** Answers that could be given again are wiped so often, ms. */
const sweepEveryMs = 5_000;

/** Joins the parts of the auth service and listens. Refuses an older schema: migrating is the host's affair. */
export async function composeAuth(settings: AuthSettings, host: Host): Promise<RunningApp> {
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'auth', host));
  await checkSchema(settings.databaseUrl, [eventsMigrations]);
  const identity = { name: 'auth', migrations: authMigrations, kafka };
  const parts = await openServiceParts<AuthTables>(settings, identity, host);
  const { database, owned } = parts;
  const { now, newId } = host;
  const worker = owned.own(
    'auth worker pool',
    openDatabase<AuthTables>({ url: settings.databaseUrl, role: 'auth_worker', poolSize: 2 }),
  );
  const recordAudit = createRecordAudit();
  const pages = createPageTokens({ service: 'auth', keys: settings.internalKeys });
  const basis = { ...settings, database, worker, recordAudit, pages, now, newId, randomBytes };
  const keys = createApiKeyStore(database);
  const sessions = joinSessions({ ...basis, keys });
  const { requireFreshProof } = sessions;
  const once = createIdempotency<AuthTables>({ service: 'auth', database, keys: settings.internalKeys });
  // Nobody takes mail yet: it waits in the outbox, and who invites is given the link.
  const tenancy = joinTenancy({
    ...basis,
    requireFreshProof,
    once,
    queueMail: createQueueMail(basis),
    sendsMail: false,
  });
  const accounts = await openAccounts(
    { ...basis, ...tenancy, requireFreshProof },
    { host, owned, readiness: parts.readiness },
  );
  owned.own('session sweeper', startSessionSweeper({ worker, clock: now, log: host.log, everyMs: sweepEveryMs }));
  const { databaseUrl, rateOverrides = {} } = settings;
  const groups = await openEventGroups({ databaseUrl, kafka, host, owned, readiness: parts.readiness });
  const { audit, watch, logLevels } = joinAudit({ ...basis, groups, host, owned });
  const buckets = settings.redis ? { buckets: accounts.limiter } : {};
  const ledger = joinLedger({ ...basis, ...buckets, rateOverrides, pageTokens: pages, groups, host, owned });
  return startGrpcApp(
    {
      ...parts,
      contract: productContract(),
      handlers: {
        [AuthService.typeName]: authService({
          ...tenancy,
          keys,
          watch,
          getJwks: getJwks(sessions),
        }),
        [AccountService.typeName]: accountService(accounts),
        [SessionService.typeName]: sessionService(sessions.serve(accounts)),
        [KeyService.typeName]: keyService(tenancy),
        [TenantService.typeName]: tenantService(tenancy),
        [PlatformService.typeName]: platformService({
          ...tenancy,
          signingKeys: signingKeyHandlers(sessions),
          logLevels,
        }),
        [AuditService.typeName]: audit,
        [LedgerService.typeName]: ledger.ledger,
        [LimitService.typeName]: ledger.limits,
        [AdminService.typeName]: adminService({ ...basis, baseUrl: settings.publicBaseUrl }),
      },
      dependencies: () => [...parts.standsOn, ...accounts.standsOn],
    },
    host,
  );
}

/** Makes the installation's first key if it has none, and shows it once; see `bootstrapInstallation`. */
export async function bootstrapAuth(
  settings: Pick<AuthSettings, 'databaseUrl' | 'peppers'>,
  host: Host,
  show: (made: InstallationKey) => void | Promise<void>,
): Promise<Bootstrapped> {
  const database = openDatabase<AuthTables>({ url: settings.databaseUrl, role: 'auth_app', poolSize: 2 });
  try {
    const installation = createInstallationStore(database);
    return await bootstrapInstallation(
      { installation, peppers: settings.peppers, randomBytes, newId: host.newId },
      show,
    );
  } finally {
    await database.close();
  }
}
