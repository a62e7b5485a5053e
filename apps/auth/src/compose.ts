import { openDatabase } from '@universal-api/database';
import type { KeyRing } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import {
  openKafka,
  openServiceParts,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
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
export interface AuthSettings extends ServiceSettings {
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
}

/** Joins the parts of the auth service and listens. Refuses an older schema: migrating is the host's affair. */
export async function composeAuth(settings: AuthSettings, host: Host): Promise<RunningApp> {
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'auth', host));
  const identity = { name: 'auth', migrations: authMigrations, kafka };
  const parts = await openServiceParts<AuthTables>(settings, identity, host);
  return startGrpcApp(
    {
      ...parts,
      contract: productContract(),
      handlers: {
        [AuthService.typeName]: authService({ keys: createApiKeyStore(parts.database), peppers: settings.peppers }),
      },
      dependencies: () => parts.standsOn,
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
