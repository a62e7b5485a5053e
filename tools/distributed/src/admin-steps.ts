import { applyProductTopics, bootstrapDatabase } from '@universal-api/admin';
import { loadConfig, secret, z, type Environment } from '@universal-api/config';
import { silentLogger } from '@universal-api/logging';
import { parseKeyRing } from '@universal-api/principal';
import { toBrokers } from '@universal-api/service';
import { migrateAll } from '@universal-api/standalone/migrate';
import type { StarterConfig } from './config.ts';
import { keyText } from './welcome-text.ts';

const bootstrapVariables = z.object({ AUTH_KEY_PEPPER: secret() });

/** `admin migrate` and `admin topics apply`, in sentences about what they changed. Errors: theirs. */
export async function prepareStores(
  config: StarterConfig,
  servers: Readonly<Record<'DATABASE_URL' | 'KAFKA_BROKERS', string>>,
  say: (text: string) => Promise<void>,
): Promise<void> {
  const applied = await migrateAll(servers.DATABASE_URL);
  if (applied.length > 0) await say(`Database brought up to date: ${applied.join(', ')}.\n`);
  const { kafka } = toBrokers({ ...config, KAFKA_BROKERS: servers.KAFKA_BROKERS.split(',') });
  if (kafka === undefined) return;
  const { created } = await applyProductTopics({ ...kafka, service: 'admin', log: silentLogger }, kafka.replication);
  if (created.length > 0) await say(`Topics created: ${created.join(', ')}.\n`);
}

/** `admin bootstrap`: the first key of the installation, shown once. `environment` says where the pepper is. Errors: its own. */
export async function showFirstKey(
  databaseUrl: string,
  environment: Environment,
  say: (text: string) => Promise<void>,
): Promise<void> {
  const { AUTH_KEY_PEPPER } = loadConfig(bootstrapVariables, environment);
  const peppers = parseKeyRing('AUTH_KEY_PEPPER', AUTH_KEY_PEPPER);
  await bootstrapDatabase({ databaseUrl, peppers }, ({ key }) => say(keyText(key.reveal())));
}
