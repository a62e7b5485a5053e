import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import type { AccessTokenClaims } from '@universal-api/principal';
import { createRevocations } from '../watch/revocations.ts';
import { createKnownTokens } from './known-tokens.ts';

const claims: AccessTokenClaims = {
  iss: 'https://api.example',
  aud: 'uapi',
  sub: 'user',
  client_id: 'uapi',
  iat: 1_000,
  exp: 1_300,
  jti: 'jti',
  tid: 'tenant',
  sid: 'session',
  scope: 'data:read search:read',
  role: 'viewer',
  amr: ['pwd'],
  plan: 'pro',
  pool: 'own',
};

function setUp(held = claims) {
  const time = { ms: 1_000_000 };
  const heard = { isFresh: true, next: async () => {} };
  const verified: string[] = [];
  const revocations = createRevocations(() => time.ms);
  const tokens = createKnownTokens({
    clock: () => time.ms,
    maxTokens: 100,
    watch: { revocations, isFresh: () => heard.isFresh, untilHeard: () => heard.next() },
    verifier: {
      async verify(text) {
        verified.push(text);
        if (text === 'bad') throw new AppError('invalid_token');
        return held;
      },
    },
  });
  return { time, heard, verified, revocations, tokens };
}

describe('an access token', () => {
  test('brings the limits that its tenant has set, the same object for each call', async () => {
    const { tokens } = setUp({ ...claims, limits: { 'lookup-min': 3 } });
    const { limits } = await tokens.find('good');
    expect(limits).toEqual({ 'lookup-min': 3 });
    expect(tokens.peek('good')?.limits).toBe(limits);
  });

  test('is verified once, says who holds it, and is remembered until exp', async () => {
    const { tokens, time, verified } = setUp();
    expect(tokens.peek('good')).toBeUndefined();
    const known = await tokens.find('good');
    expect(known).toEqual({
      caller: {
        ...{ tid: 'tenant', sub: 'user', typ: 'user', sid: 'session', plan: 'pro', mode: 'live', pool: 'own' },
        scp: ['data:read', 'search:read'],
      },
    });
    time.ms += 299_999;
    // The same object: nothing is made for a call with a known token.
    expect(tokens.peek('good')).toBe(known);
    time.ms += 1;
    expect(tokens.peek('good')).toBeUndefined();
    expect(verified).toEqual(['good']);
  });

  test('that is bad is refused and not remembered', async () => {
    const { tokens } = setUp();
    await expect(tokens.find('bad')).rejects.toMatchObject({ code: 'invalid_token' });
    expect(tokens.peek('bad')).toBeUndefined();
  });

  test('that is remembered is refused as soon as its session is heard to have ended, and ever after', async () => {
    const { tokens, revocations } = setUp();
    await tokens.find('good');
    revocations.add('session', 'other', 0);
    expect(tokens.peek('good')).toBeDefined();
    revocations.add('session', 'session', 0);
    expect(() => tokens.peek('good')).toThrow(expect.objectContaining({ code: 'invalid_token' }));
    await expect(tokens.find('good')).rejects.toMatchObject({ code: 'invalid_token' });
  });

  test('is neither good nor bad while nobody could tell us that it was revoked', async () => {
    const { tokens, heard } = setUp();
    await tokens.find('good');
    heard.isFresh = false;
    expect(() => tokens.peek('good')).toThrow(expect.objectContaining({ code: 'service_unavailable' }));
    await expect(tokens.find('good')).rejects.toMatchObject({ code: 'service_unavailable' });
    heard.isFresh = true;
    expect(tokens.peek('good')).toBeDefined();
  });

  test('that comes before anything was heard waits for the first word', async () => {
    const { tokens, heard } = setUp();
    heard.isFresh = false;
    heard.next = async () => void (heard.isFresh = true);
    expect(await tokens.find('good')).toMatchObject({ caller: { sub: 'user' } });
  });
});
