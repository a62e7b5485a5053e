import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { userAgentFamily } from '../user-agent-family.ts';
import { makeOpaqueToken, readOpaqueToken } from './opaque-token.ts';
import { openReplay, sealReplay, type TokenSet } from './replay-blob.ts';

describe('an opaque token', () => {
  test('is read as what it was made, by its own kind alone', () => {
    for (const kind of ['refresh', 'mfa'] as const) {
      const token = makeOpaqueToken(kind, randomBytes);
      expect(readOpaqueToken(kind, token.text)).toEqual(token);
      expect(readOpaqueToken(kind === 'mfa' ? 'refresh' : 'mfa', token.text)).toBeUndefined();
      expect(token.hash).toEqual(createHash('sha256').update(token.text).digest());
    }
  });

  test('another text is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readOpaqueToken('refresh', text)).toBeUndefined();
        expect(readOpaqueToken('refresh', `uapi_rt_${text}`)).toBeUndefined();
      }),
    );
    expect(readOpaqueToken('refresh', undefined)).toBeUndefined();
  });
});

describe('a kept answer', () => {
  const answer: TokenSet = {
    ...{ accessToken: 'a.b.c', refreshToken: 'uapi_rt_x', tokenType: 'bearer', expiresIn: 300, sessionId: 'ses_x' },
  };
  const token = makeOpaqueToken('refresh', randomBytes);

  test('opens under the token that was presented, and under no other', () => {
    const blob = sealReplay(token, answer, randomBytes);
    expect(openReplay(token, blob)).toEqual(answer);
    expect(blob.toString('latin1')).not.toContain('uapi_rt_');
    expect(() => openReplay(makeOpaqueToken('refresh', randomBytes), blob)).toThrow(/does not open/);
    // Whoever has the database has the hash, and nothing by it.
    const byHash = { text: token.hash.toString('base64url'), hash: token.hash };
    expect(() => openReplay(byHash, blob)).toThrow(/does not open/);
  });

  test('with one changed byte, or cut, does not open', () => {
    const blob = sealReplay(token, answer, randomBytes);
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Buffer.from(blob);
        damaged.writeUInt8(damaged.readUInt8(at) ^ by, at);
        expect(() => openReplay(token, damaged)).toThrow(/does not open/);
        expect(() => openReplay(token, blob.subarray(0, at))).toThrow(/does not open/);
      }),
    );
  });
});

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome'],
  ['Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0', 'Edge'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15', 'Safari'],
  ['curl/8.9.1', 'curl'],
  ['python-requests/2.32', 'python-requests'],
  [`${'x'.repeat(500)}`, 'x'.repeat(64)],
  ['<script>', ''],
  [undefined, ''],
])('the family of %s is %s', (userAgent, family) => expect(userAgentFamily(userAgent)).toBe(family));
