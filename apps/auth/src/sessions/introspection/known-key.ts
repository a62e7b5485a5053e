import type { Database } from '@universal-api/database';
import { toPublicId } from '@universal-api/ids';
import { readApiKey, type KeyRing } from '@universal-api/principal';
import { effectiveScopes, isUsable } from '../../key-rights.ts';
import { isGenuine } from '../../rpc/verify-key.ts';
import type { ApiKeyStore, FoundKey } from '../../store/api-key-store.ts';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { Introspected } from './introspected.ts';

/** What keys are judged with. */
export interface KnownKeyParts {
  readonly database: Database<AuthTables>;
  readonly keys: ApiKeyStore;
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
}

/**
 * What an API key of this tenant (UUID) may do, if it works now; from where it is used is not asked. Unlike `VerifyKey` it
 * writes nothing. Errors: those of `Database`.
 */
export async function findKey(
  { database, keys, peppers }: KnownKeyParts,
  text: string,
  tenantId: string,
): Promise<Introspected | undefined> {
  const given = readApiKey(text);
  if (given === undefined) return undefined;
  const found = await keys.find(given.id12);
  const isRight = isGenuine(peppers, given, found);
  if (found?.tenant_id !== tenantId || !isRight || !isUsable(found)) return undefined;
  const row = await database.transaction(tenantId, (tx) =>
    tx.selectFrom('api_keys').select('created_at').where('key_id', '=', found.key_id).executeTakeFirst(),
  );
  const exp = endOf(found);
  return {
    scope: effectiveScopes(found).join(' '),
    clientId: given.id12,
    sub: found.owner === null ? toPublicId('key', found.key_id) : toPublicId('user', found.owner),
    ...(row === undefined ? {} : { iat: toSeconds(row.created_at) }),
    ...(exp === undefined ? {} : { exp: toSeconds(exp) }),
  };
}

/** When a key stops working, as far as is known. */
function endOf({ expires_at, overlap_until, state }: FoundKey): Date | undefined {
  const ends = [expires_at, state === 'rotated' ? overlap_until : null].filter((at) => at !== null);
  return ends.sort((a, b) => a.getTime() - b.getTime())[0];
}

function toSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
