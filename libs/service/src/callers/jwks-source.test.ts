import { expect, test } from '@jest/globals';
import { AppError, type ErrorCode } from '@universal-api/errors';
import { createGrpcChannel } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { createPrincipalMinter } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { randomKeyRing } from '@universal-api/testing';
import { playAuth } from '../test/play-auth.ts';
import { createCallAsSystem } from '../watch/call-as-system.ts';
import { createRemoteVerifier, fetchJwksRemotely, tokenTimes } from './jwks-source.ts';

test.each<ErrorCode>(['deadline_exceeded', 'internal', 'overloaded', 'service_unavailable'])(
  'keys that cannot be had (%s) make a token neither bad nor a fault of ours: come back soon',
  async (code) => {
    const keys = randomKeyRing();
    const auth = await playAuth(keys);
    Object.defineProperty(auth, 'jwks', {
      get() {
        throw new AppError(code);
      },
    });
    const channel = createGrpcChannel(productContract(), auth.address);
    const principals = createPrincipalMinter({ keys, issuer: 'search', clock: Date.now });
    const callAsSystem = createCallAsSystem({ app: 'search', principals, newId, clock: Date.now });
    const verifier = createRemoteVerifier(fetchJwksRemotely(channel, callAsSystem), Date.now, tokenTimes);
    const away = { code: 'service_unavailable', details: { retryAfterS: 1 } };
    await expect(verifier.verify('a token')).rejects.toMatchObject(away);
    channel.close();
    await auth.stop();
  },
);
