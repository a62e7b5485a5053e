import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createGrpcChannel, requestNames, type GrpcChannel } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createPrincipalVerifier, makeApiKey, type Principal } from '@universal-api/principal';
import { create, type AnyHandler } from '@universal-api/protos';
import { createMetrics } from '@universal-api/telemetry';
import { randomKeyRing, testContract } from '@universal-api/testing';
import type { CallContext } from '@universal-api/grpc';
import { randomBytes } from 'node:crypto';
import { createOwnedParts } from '../owned-parts.ts';
import { serveGrpc } from '../serve-grpc.ts';
import { createTokenSigner, playAuth, playedKey, testClaims, type PlayedAuth } from '../test/play-auth.ts';
import { openCallers } from './open-callers.ts';

const keys = randomKeyRing();
const owned = createOwnedParts(silentLogger);
const seen: Principal[] = [];
const signer = createTokenSigner('one');
const issuer = 'https://api.example';
let auth: PlayedAuth;
let channel: GrpcChannel;

const contract = testContract();
const echo = contract.services.get('uapi.testing.v1.EchoService');
const host = {
  ...{ log: silentLogger, metrics: createMetrics({ version: 't' }), version: 't', build: 't', now: Date.now, newId },
};

beforeAll(async () => {
  auth = await playAuth(keys);
  auth.jwks = { issuer, jwksJson: JSON.stringify({ keys: [signer.jwk] }) };
  const callers = openCallers({ app: 'testing', auth: auth.address, internalKeys: keys, host, owned });
  const handlers: Record<string, AnyHandler<CallContext>> = {};
  for (const method of echo?.methods ?? []) {
    handlers[method.localName] = (async (_request: unknown, { principal }: CallContext) => {
      seen.push(principal);
      return create(method.output, {});
    }) as unknown as AnyHandler<CallContext>;
  }
  const server = serveGrpc(
    {
      name: 'testing',
      contract,
      handlers: { 'uapi.testing.v1.EchoService': handlers },
      principals: createPrincipalVerifier({ keys, audience: 'testing', clock: Date.now }),
      callers,
    },
    host,
  );
  const port = await server.listen('127.0.0.1:0');
  channel = createGrpcChannel(contract, `127.0.0.1:${port}`);
  owned.own('server', { close: () => server.stop(0) });
  owned.own('channel', channel);
  while (!callers.watch.isFresh()) await new Promise((resolve) => setTimeout(resolve, 5));
});
afterAll(async () => {
  await owned.closeAll();
  await auth.stop();
});

/** Calls the first unary method of the test service as a caller without a signed principal. */
async function call(metadata: Record<string, string>): Promise<Principal | undefined> {
  const method = echo?.methods.find(
    ({ methodKind, localName }) => methodKind === 'unary' && localName === 'echoContext',
  );
  if (!method) throw new Error('the test contract has no such method');
  await channel.unary(method, create(method.input, {}), { deadlineAt: Date.now() + 5_000, metadata });
  return seen.at(-1);
}

describe('a caller by gRPC without a signed principal', () => {
  test('is who their key says, asked about once with the address it came from', async () => {
    const { text } = makeApiKey('live', randomBytes);
    auth.good.set(text, playedKey);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await call({ [requestNames.authorization]: `Bearer ${text}` })).toMatchObject({
        ...{ tid: playedKey.tenantId, sub: playedKey.lineageId, typ: 'key', aud: 'testing', cip: '127.0.0.1' },
        scp: playedKey.scopes,
      });
    }
    expect(auth.asked).toEqual([[text, '127.0.0.1']]);
  });

  test('is who their access token says', async () => {
    const token = signer.sign(testClaims(issuer, Math.floor(Date.now() / 1_000)));
    expect(await call({ [requestNames.authorization]: `Bearer ${token}` })).toMatchObject({
      ...{ typ: 'user', sid: testClaims(issuer, 0).sid, scp: ['data:read', 'search:write'], plan: 'free' },
    });
  });

  test('is refused with a key that nobody holds, a damaged one, a token of somebody else, or nothing', async () => {
    const refused = async (authorization: string | undefined, code: string) => {
      const metadata: Record<string, string> = authorization === undefined ? {} : { authorization };
      await expect(call(metadata)).rejects.toMatchObject({ code });
    };
    await refused(`Bearer ${makeApiKey('live', randomBytes).text}`, 'invalid_token');
    await refused('Bearer uapi_live_nonsense', 'invalid_token');
    const forged = createTokenSigner('one').sign(testClaims(issuer, Math.floor(Date.now() / 1_000)));
    await refused(`Bearer ${forged}`, 'invalid_token');
    await refused(undefined, 'unauthenticated');
  });

  test('holds the scopes of their credential and no more', async () => {
    const { text } = makeApiKey('live', randomBytes);
    auth.good.set(text, { ...playedKey, scopes: ['health:read'] });
    await expect(call({ authorization: `Bearer ${text}` })).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('cannot pass for somebody by a principal that is not signed, whatever their key', async () => {
    const { text } = makeApiKey('live', randomBytes);
    auth.good.set(text, playedKey);
    const metadata = { authorization: `Bearer ${text}`, [requestNames.principal]: 'v1.e30.x' };
    await expect(call(metadata)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
