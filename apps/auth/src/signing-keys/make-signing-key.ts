import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '@universal-api/errors';
import type { KeyRing } from '@universal-api/principal';
import { createDataCipher } from '../accounts/data-cipher.ts';
import type { PublicJwk, SigningKeyRow } from './signing-key.ts';

/** A new key without a life yet. */
export type NewSigningKey = Pick<SigningKeyRow, 'kid' | 'alg' | 'private_enc' | 'public_jwk'>;

const purpose = 'signing-key';
const generate = promisify(generateKeyPair);

/** A new P-256 key, its private part sealed under `DATA_ENCRYPTION_KEY` and for this `kid` alone. */
export async function makeSigningKey(dataKeys: KeyRing, kid: string): Promise<NewSigningKey> {
  const { publicKey, privateKey } = await generate('ec', { namedCurve: 'P-256' });
  const sealed = createDataCipher(dataKeys, purpose).seal(privateKey.export({ format: 'der', type: 'pkcs8' }), kid);
  return { kid, alg: 'ES256', private_enc: sealed, public_jwk: toPublicJwk(publicKey) };
}

/** The private part of a stored key. Errors: `internal` when `DATA_ENCRYPTION_KEY` is not the one it was sealed under. */
export function openSigningKey(
  dataKeys: KeyRing,
  { kid, private_enc }: Pick<SigningKeyRow, 'kid' | 'private_enc'>,
): KeyObject {
  const key = createDataCipher(dataKeys, purpose).open(private_enc, kid);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function toPublicJwk(key: KeyObject): PublicJwk {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) {
    throw new AppError('internal', { internal: 'a signing key is not on P-256' });
  }
  return { kty, crv, x, y };
}
