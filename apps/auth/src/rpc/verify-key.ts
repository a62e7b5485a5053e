import { AppError } from '@universal-api/errors';
import { isFromNetworks, keyOfVersion, readApiKey, type ApiKeyParts, type KeyRing } from '@universal-api/principal';
import type { MessageInitShape } from '@universal-api/protos';
import type { VerifyKeyRequest, VerifyKeyResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { macSecret, matchesMac } from '../key-mac.ts';
import { effectiveScopes, isUsable } from '../key-rights.ts';
import type { ApiKeyStore, FoundKey } from '../store/api-key-store.ts';

/** What the RPC works with. */
export interface VerifyKeyParts {
  readonly keys: ApiKeyStore;
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
}

type Answer = MessageInitShape<typeof VerifyKeyResponseSchema>;

/**
 * The principal behind an API key. A key of wrong shape costs no SQL; any other one SELECT, and one UPDATE the first time
 * it is used under a newer pepper. Unknown, wrong, expired, revoked, from a network it is not for, or of somebody who does
 * not belong to the tenant any more: the same answer, after the same work.
 * Errors: `service_unavailable` while PostgreSQL is away.
 */
export function verifyKey(parts: VerifyKeyParts): (request: VerifyKeyRequest) => Promise<Answer> {
  const { keys, peppers } = parts;
  return async (request) => {
    if (request.key === undefined)
      throw new AppError('invalid_request', { errors: [{ field: 'key', rule: 'required' }] });
    const given = readApiKey(request.key);
    if (given === undefined) return { valid: false };
    const found = await keys.find(given.id12);
    const isRight = isGenuine(peppers, given, found);
    if (found === undefined || !isRight || !isUsable(found)) return { valid: false };
    if (!isFromNetworks(found.ip_allow, request.clientIp)) return { valid: false };
    if (found.pepper_v !== peppers[0].version) await renewMac(parts, given, found);
    return toAnswer(given, found);
  };
}

/**
 * One MAC is computed whatever was found, so that time tells nothing. A key under a pepper that is gone cannot be proved
 * and is refused.
 */
export function isGenuine(peppers: KeyRing, given: ApiKeyParts, found: FoundKey | undefined): boolean {
  const pepper = found && keyOfVersion(peppers, found.pepper_v);
  const isSame = matchesMac(pepper ?? peppers[0], given.secret32, pepper && found.mac);
  return isSame && found?.mode === given.mode;
}

async function renewMac({ keys, peppers }: VerifyKeyParts, given: ApiKeyParts, found: FoundKey): Promise<void> {
  const [current] = peppers;
  await keys.changeMac({
    tenantId: found.tenant_id,
    keyId: found.key_id,
    from: { mac: found.mac, version: found.pepper_v },
    to: { mac: macSecret(current, given.secret32), version: current.version },
  });
}

function toAnswer(given: ApiKeyParts, found: FoundKey): Answer {
  return {
    valid: true,
    tenantId: found.tenant_id,
    userId: found.owner ?? '',
    lineageId: found.lineage_id,
    id12: given.id12,
    scopes: effectiveScopes(found),
    plan: found.plan,
    mode: found.mode,
    credentialPool: found.credential_pool,
    keyId: found.key_id,
    limits: { ...found.limits },
    ipAllow: [...found.ip_allow],
  };
}
