import { bootstrapAuth } from '@universal-api/auth/compose';
import { Secret } from '@universal-api/config';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { parseKeyRing } from '@universal-api/principal';
import { createMetrics } from '@universal-api/telemetry';

/** Makes the first key of a migrated database, as `npm run admin -- bootstrap` does. */
export async function makeFirstKey(databaseUrl: string, pepper: string): Promise<string> {
  const version = 'test';
  const metrics = createMetrics({ version });
  const host = { log: silentLogger, metrics, version, build: version, now: Date.now, newId };
  const peppers = parseKeyRing('AUTH_KEY_PEPPER', new Secret(pepper));
  let key = '';
  await bootstrapAuth({ databaseUrl, peppers }, host, (made) => void (key = made.key.reveal()));
  return key;
}
