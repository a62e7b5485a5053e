import { sql, type Database } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { sealCredential, type KeyRing, type RandomBytes } from '@universal-api/principal';
import type { MessageInitShape } from '@universal-api/protos';
import type {
  ResolveCredentialRequest,
  ResolveCredentialResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { DataCipher } from '../accounts/data-cipher.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { providerKeyOwner } from '../tenants/provider-keys.ts';

/** What the RPC works with. */
export interface ResolveCredentialParts {
  readonly database: Database<AuthTables>;
  /** Opens what is stored, under `DATA_ENCRYPTION_KEY`, purpose `provider-key`. */
  readonly providerCipher: DataCipher;
  /** `INTERNAL_AUTH_KEY`, current version first. */
  readonly internalKeys: KeyRing;
  readonly randomBytes: RandomBytes;
}

/**
 * A tenant's own credential for a provider, sealed for the service that asks: the minter of the principal, which nobody
 * else can claim to be (platform.md 1.8). There is none for a tenant that does not work, or may use no credentials at all.
 * The asking service keeps it for 60 s at most. Errors: `internal` when what is stored cannot be opened.
 */
export function resolveCredential({ database, providerCipher, internalKeys, randomBytes }: ResolveCredentialParts) {
  return async (
    { tenantId = '', provider = '' }: ResolveCredentialRequest,
    { principal }: CallContext,
  ): Promise<MessageInitShape<typeof ResolveCredentialResponseSchema>> => {
    const { rows } = await database.transaction(tenantId, (tx) =>
      sql<{ variable: string; ciphertext: string }>`
        SELECT p.variable, p.ciphertext FROM provider_keys p JOIN tenants t ON t.tenant_id = p.tenant_id
        WHERE p.tenant_id = ${tenantId} AND p.provider = ${provider} AND t.status = 'active'
          AND t.credential_pool <> 'local'`.execute(tx),
    );
    const [stored] = rows;
    if (stored === undefined) return { found: false };
    const value = providerCipher.open(stored.ciphertext, providerKeyOwner(tenantId, provider)).toString('utf8');
    const sealing = { keys: internalKeys, service: principal.iss, randomBytes };
    const { sealed, keyVersion } = sealCredential(sealing, { tenantId, provider }, value);
    return { found: true, variable: stored.variable, sealed: Uint8Array.from(sealed), keyVersion };
  };
}
