import type { PageTokens, WithIdempotency } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { MessageShape, ServiceHandlers } from '@universal-api/protos';
import { KeyService, type KeySchema } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import type { AuthTables } from '../store/auth-tables.ts';
import { makeKey } from './create-key.ts';
import type { KeyParts } from './key-parts.ts';
import { getKey, listKeys } from './list-keys.ts';
import { deleteKey, revokeKey } from './revoke-key.ts';
import { makeNextKey } from './rotate-key.ts';
import { updateKey } from './update-key.ts';

/** What the service works with: the union of what its RPCs need. */
export interface KeyServiceParts extends KeyParts {
  readonly pages: PageTokens;
  readonly once: WithIdempotency<AuthTables>;
}

const { createKey, rotateKey } = KeyService.method;

/** A repeated call gets all but the text, which was in the first answer. */
function withoutText({ key: _text, ...shown }: MessageShape<typeof KeySchema>) {
  return { ...shown, alreadyShown: true };
}

/** `uapi.auth.v1.KeyService`, one row per RPC; no logic. */
export function keyService(parts: KeyServiceParts): ServiceHandlers<typeof KeyService, CallContext> {
  const { once, requireFreshProof } = parts;
  return {
    listKeys: listKeys(parts),
    getKey: getKey(parts),
    updateKey: updateKey(parts),
    revokeKey: revokeKey(parts),
    deleteKey: deleteKey(parts),
    async createKey(request, context) {
      await requireFreshProof(context);
      return once({ method: createKey, request, context, redact: withoutText }, (tx, heard) =>
        makeKey(parts, tx, request, heard),
      );
    },
    async rotateKey(request, context) {
      await requireFreshProof(context);
      return once({ method: rotateKey, request, context, redact: withoutText }, (tx, heard) =>
        makeNextKey(parts, tx, request, heard),
      );
    },
  };
}
