import { afterEach, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { openSite } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>> | undefined;
afterEach(async () => {
  await site?.close();
  site = undefined;
});

const baseUrl = 'https://api.example';

async function start() {
  const time = { ms: 0 };
  const auth = { asked: 0, isAway: false, keys: ['one'] };
  const fetchJwks = async () => {
    auth.asked += 1;
    if (auth.isAway) throw new AppError('service_unavailable');
    return { jwksJson: JSON.stringify({ keys: auth.keys.map((kid) => ({ kid })) }), issuer: baseUrl };
  };
  site = await openSite({ wellKnown: { baseUrl, fetchJwks, now: () => time.ms } });
  return { time, auth, get: site.get };
}

describe('/.well-known', () => {
  test('jwks.json has the keys as auth has them, asked for once in a while, whoever asks', async () => {
    const { get, auth, time } = await start();
    const first = await get('/.well-known/jwks.json');
    expect(await first.json()).toEqual({ keys: [{ kid: 'one' }] });
    expect(first.headers.get('content-type')).toMatch(/^application\/json/);
    expect(first.headers.get('cache-control')).toBe('public, max-age=600');
    auth.keys.push('two');
    await get('/.well-known/jwks.json');
    expect(auth.asked).toBe(1);
    time.ms += 10_000;
    expect(await (await get('/.well-known/jwks.json')).json()).toEqual({ keys: [{ kid: 'one' }, { kid: 'two' }] });
  });

  test('jwks.json has the last keys while auth is away, and none that never were', async () => {
    const { get, auth, time } = await start();
    auth.isAway = true;
    expect((await get('/.well-known/jwks.json')).status).toBe(503);
    auth.isAway = false;
    expect((await get('/.well-known/jwks.json')).status).toBe(200);
    auth.isAway = true;
    time.ms += 60_000;
    expect((await get('/.well-known/jwks.json')).status).toBe(200);
  });

  test('oauth-authorization-server claims what there is and nothing else', async () => {
    const { get } = await start();
    const metadata = (await (await get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>;
    expect(metadata).toEqual({
      issuer: baseUrl,
      jwks_uri: `${baseUrl}/.well-known/jwks.json`,
      token_endpoint: `${baseUrl}/api/v1/auth/refresh`,
      introspection_endpoint: `${baseUrl}/api/v1/auth/introspect`,
      grant_types_supported: ['refresh_token'],
      token_endpoint_auth_methods_supported: ['none'],
      scopes_supported: expect.arrayContaining(['data:read', 'keys:write']),
    });
    expect((await get('/.well-known/openid-configuration')).status).not.toBe(200);
  });

  test('oauth-protected-resource names the resource, also of mcp, and no server', async () => {
    const { get } = await start();
    for (const [path, resource] of [
      ['', baseUrl],
      ['/mcp', `${baseUrl}/mcp`],
    ]) {
      expect(await (await get(`/.well-known/oauth-protected-resource${path}`)).json()).toEqual({
        resource,
        scopes_supported: expect.arrayContaining(['data:read']),
        bearer_methods_supported: ['header'],
      });
    }
  });
});
