import { describe, expect, test } from '@jest/globals';
import { requestNames } from '@universal-api/grpc';
import { createPrincipalMinter, createPrincipalVerifier, type PrincipalClaims } from '@universal-api/principal';
import { create, pathOf } from '@universal-api/protos';
import {
  GetDeepHealthRequestSchema,
  HealthService,
  type GetDeepHealthResponse,
} from '@universal-api/protos/gen/uapi/health/v1/health_pb';
import { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { DependencyStatus } from '@universal-api/service';
import { randomKeyRing } from '@universal-api/testing';
import type { DeepHealth } from './ask-deep-health.ts';
import { createHealthChannel } from './health-channel.ts';

const method = HealthService.method.getDeepHealth;
const keys = randomKeyRing();

function ask(
  status: DependencyStatus,
  scopes: readonly string[],
  asked: typeof method | typeof AuthService.method.verifyKey = method,
) {
  const part = { status, detailCode: 'x', latencyMs: 3, checkedAt: 2_500 };
  const found: DeepHealth = {
    status,
    askedAt: 1_000,
    apps: new Map([['search', { status, parts: new Map([['postgres', part]]) }]]),
  };
  const claims: PrincipalClaims = {
    ...{ tid: 't', sub: 's', typ: 'key', scp: scopes, plan: 'free', mode: 'live', pri: 'normal', rid: 'r', cid: 'c' },
  };
  const principal = createPrincipalMinter({ keys, issuer: 'gateway', clock: Date.now }).mint({
    audience: 'health',
    method: pathOf(method),
    claims,
  });
  const verifier = createPrincipalVerifier({ keys, audience: 'health', clock: Date.now });
  const channel = createHealthChannel(async () => found, verifier);
  const options = { deadlineAt: Date.now() + 1_000, metadata: { [requestNames.principal]: principal } };
  return channel.unary(asked, create(GetDeepHealthRequestSchema), options);
}

describe('the gateway as the service of deep health', () => {
  test('answers what was found, whole with its times', async () => {
    const { message, headers } = await ask('degraded', ['health:read']);
    const { status, checkedAt, apps } = message as GetDeepHealthResponse;
    expect({ status, at: checkedAt?.seconds, headers }).toEqual({ status: 'degraded', at: 1n, headers: {} });
    expect(apps['search']).toMatchObject({
      status: 'degraded',
      parts: { postgres: { status: 'degraded', latencyMs: 3, detailCode: 'x', checkedAt: { seconds: 2n } } },
    });
  });

  test('unhealthy is an answer with status 503', async () => {
    expect((await ask('unhealthy', ['health:read'])).headers).toEqual({ 'x-http-status': '503' });
  });

  test('is for those who hold the scope', async () => {
    await expect(ask('healthy', ['data:read'])).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('serves nothing else', async () => {
    await expect(ask('healthy', ['health:read'], AuthService.method.verifyKey)).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
