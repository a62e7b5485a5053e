import { checkSchema, openDatabase } from '@universal-api/database';
import { createPrincipalVerifier, type KeyRing } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { createOwnedParts, createReadiness, startGrpcApp, type Host, type RunningApp } from '@universal-api/service';
import { randomBytes } from 'node:crypto';
import { authService } from './auth-service.ts';
import { bootstrapInstallation, type Bootstrapped, type InstallationKey } from './bootstrap/bootstrap-installation.ts';
import { createApiKeyStore } from './store/api-key-store.ts';
import { authMigrations } from './store/auth-migrations.ts';
import type { AuthTables } from './store/auth-tables.ts';
import { createInstallationStore } from './store/installation-store.ts';

export { authMigrations };
export type { Bootstrapped, InstallationKey };

/** What the auth service is made of. */
export interface AuthSettings {
  /** `host:port` of the gRPC server. */
  readonly grpcAddress: string;
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
  /** `INTERNAL_AUTH_KEY`, current version first. */
  readonly internalKeys: KeyRing;
}

/** Joins the parts of the auth service and listens. Refuses an older schema: migrating is the host's affair. */
export async function composeAuth(settings: AuthSettings, host: Host): Promise<RunningApp> {
  await checkSchema(settings.databaseUrl, [authMigrations]);
  const owned = createOwnedParts(host.log);
  const database = owned.own('auth pool', openAuthDatabase(settings));
  const readiness = createReadiness();
  readiness.add({ name: 'postgres', check: () => database.ping() });
  return startGrpcApp(
    {
      name: 'auth',
      contract: productContract(),
      handlers: {
        [AuthService.typeName]: authService({ keys: createApiKeyStore(database), peppers: settings.peppers }),
      },
      principals: createPrincipalVerifier({ keys: settings.internalKeys, audience: 'auth', clock: host.now }),
      address: settings.grpcAddress,
      readiness,
      owned,
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
  const database = openAuthDatabase({ ...settings, poolSize: 2 });
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

function openAuthDatabase({ databaseUrl, poolSize }: Pick<AuthSettings, 'databaseUrl' | 'poolSize'>) {
  return openDatabase<AuthTables>({ url: databaseUrl, role: 'auth_app', poolSize });
}
