import type { MessageInitShape } from '@universal-api/protos';
import type { GetJwksResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { SigningKeys } from './signing-keys.ts';

/** The public keys that access tokens are verified with, and the issuer that they name. Errors: those of `SigningKeys`. */
export function getJwks(parts: {
  readonly signingKeys: Pick<SigningKeys, 'jwks'>;
  /** `PUBLIC_BASE_URL`. */
  readonly issuer: string;
}): () => Promise<MessageInitShape<typeof GetJwksResponseSchema>> {
  const { signingKeys, issuer } = parts;
  return async () => ({ jwksJson: await signingKeys.jwks(), issuer });
}
