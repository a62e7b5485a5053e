import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { MessageInitShape } from '@universal-api/protos';
import type { IntrospectRequest, IntrospectResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { findKey, type KnownKeyParts } from '../introspection/known-key.ts';
import { findToken, type KnownTokenParts } from '../introspection/known-token.ts';

type Answer = MessageInitShape<typeof IntrospectResponseSchema>;

/**
 * Whether a key or an access token of the caller's tenant works now (RFC 7662). Anything unknown, foreign, expired or revoked
 * has the same answer. Nothing is remembered or written. Errors: those of `Database`.
 */
export function introspect(
  parts: KnownKeyParts & KnownTokenParts,
): (request: IntrospectRequest, context: CallContext) => Promise<Answer> {
  return async ({ token = '' }, { principal: { tid } }) => {
    const known = (await findKey(parts, token, tid)) ?? (await findToken(parts, token, tid));
    if (known === undefined) return { active: false };
    return { active: true, tokenType: 'Bearer', tenantId: toPublicId('tenant', tid), ...known };
  };
}
