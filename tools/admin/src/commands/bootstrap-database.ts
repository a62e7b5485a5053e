import { authMigrations, bootstrapAuth, type Bootstrapped, type InstallationKey } from '@universal-api/auth/compose';
import { checkSchema } from '@universal-api/database';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import type { KeyRing } from '@universal-api/principal';
import type { Host } from '@universal-api/service';
import { createMetrics } from '@universal-api/telemetry';
import manifest from '../../package.json' with { type: 'json' };

/** Whose first key is made. */
export interface BootstrapSettings {
  readonly databaseUrl: string;
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
}

/**
 * Makes the installation's first key, unless somebody has seen one; `show` has it in front of the holder when it returns.
 * Errors: those of `bootstrapAuth`; a refusal (`service_unavailable`) for a database that is not migrated.
 */
export async function bootstrapDatabase(
  settings: BootstrapSettings,
  show: (made: InstallationKey) => Promise<void>,
): Promise<Bootstrapped> {
  await checkSchema(settings.databaseUrl, [authMigrations]);
  const { version } = manifest;
  const host: Host = {
    log: silentLogger,
    metrics: createMetrics({ version }),
    version,
    build: 'unknown',
    now: Date.now,
    newId,
  };
  return bootstrapAuth(settings, host, show);
}
