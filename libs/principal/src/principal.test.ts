import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { defaultTenantId } from '@universal-api/ids';
import fc from 'fast-check';
import { parseKeyRing, type KeyRing } from './key-ring.ts';
import { createPrincipalMinter } from './mint-principal.ts';
import type { PrincipalClaims } from './principal.ts';
import { anonymousScopes, scopes } from './scopes.ts';
import { createPrincipalVerifier } from './verify-principal.ts';

const method = '/uapi.search.v1.WeatherService/Current';
const text = (version: number) => `v${version}:${randomBytes(32).toString('base64')}`;
const ringOf = (...entries: string[]): KeyRing => parseKeyRing('INTERNAL_AUTH_KEY', new Secret(entries.join(',')));
const first = text(1);
const second = text(2);
const third = text(3);
const startMs = 1_800_000_000_000;
const claims: PrincipalClaims = {
  tid: defaultTenantId,
  sub: 'anonymous',
  typ: 'anonymous',
  scp: anonymousScopes,
  plan: 'free',
  mode: 'live',
  pri: 'normal',
  rid: 'request-1',
  cid: 'call-1',
  cip: '192.0.2.7',
  lang: 'fr',
};
const clock = () => startMs;
const mint = (keys: KeyRing, at = clock, audience = 'search') =>
  createPrincipalMinter({ keys, issuer: 'gateway', clock: at }).mint({ audience, method, claims });
const verifierOf = (keys: KeyRing, at = clock, audience = 'search') =>
  createPrincipalVerifier({ keys, audience, clock: at });

function reasonOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    expect(AppError.is(thrown) && thrown.code).toBe('unauthenticated');
    return AppError.is(thrown) ? thrown.message : '';
  }
  throw new Error('a principal was accepted that should have been refused');
}

describe('a principal of the right service, method and time', () => {
  test('comes out as it went in, bound to service, method and 30 s', () => {
    const iat = startMs / 1000;
    expect(verifierOf(ringOf(first)).verify(mint(ringOf(first)), method)).toEqual({
      ...claims,
      iss: 'gateway',
      aud: 'search',
      mth: method,
      iat,
      exp: iat + 30,
    });
  });

  test('keeps any text and any set of scopes', () => {
    const keys = ringOf(first);
    const minter = createPrincipalMinter({ keys, issuer: 'gateway', clock });
    const verifier = verifierOf(keys);
    const anyText = fc.string({ unit: 'grapheme', maxLength: 100 });
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.subarray([...scopes]),
        fc.option(anyText, { nil: undefined }),
        (rid, lang, scp, key) => {
          const given: PrincipalClaims = { ...claims, typ: 'key', pool: 'shared', rid, lang, scp, key };
          const read = verifier.verify(minter.mint({ audience: 'search', method, claims: given }), method);
          expect(read).toMatchObject({ rid, lang, scp, pool: 'shared' });
          expect(read.key).toBe(key);
        },
      ),
    );
  });

  test('stays good while the key is rotated, in either order of restarts', () => {
    const minted = mint(ringOf(first));
    expect(verifierOf(ringOf(second, first)).verify(minted, method).tid).toBe(defaultTenantId);
    const rotated = mint(ringOf(second, first));
    expect(rotated.startsWith('v2.')).toBe(true);
    expect(verifierOf(ringOf(first, second)).verify(rotated, method).tid).toBe(defaultTenantId);
  });

  test('claims cannot overwrite what binds the principal', () => {
    const forged = { ...claims, aud: 'auth', mth: '/other', iss: 'me', exp: 9e9 } as PrincipalClaims;
    const minter = createPrincipalMinter({ keys: ringOf(first), issuer: 'gateway', clock });
    const read = verifierOf(ringOf(first)).verify(minter.mint({ audience: 'search', method, claims: forged }), method);
    expect(read).toMatchObject({ aud: 'search', mth: method, iss: 'gateway', exp: startMs / 1000 + 30 });
  });
});

describe('a principal is refused', () => {
  const keys = ringOf(second, first);
  const minted = mint(keys);

  test('without a header, or with one that is none', () => {
    const verifier = verifierOf(keys);
    expect(reasonOf(() => verifier.verify(undefined, method))).toContain('absent');
    expect(reasonOf(() => verifier.verify(`v2.${'A'.repeat(9000)}.x`, method))).toContain('too long');
    fc.assert(fc.property(fc.string(), (noise) => void reasonOf(() => verifier.verify(noise, method))));
  });

  test('at another service', () => {
    expect(reasonOf(() => verifierOf(keys, clock, 'auth').verify(minted, method))).toContain('MAC');
  });

  test('for another method', () => {
    const other = '/uapi.search.v1.WeatherService/Forecast';
    expect(reasonOf(() => verifierOf(keys).verify(minted, other))).toContain('another method');
  });

  test('from 30 s on, and when it is from the future', () => {
    const at = (offsetMs: number) => verifierOf(keys, () => startMs + offsetMs);
    expect(at(29_999).verify(minted, method).tid).toBe(defaultTenantId);
    expect(reasonOf(() => at(30_000).verify(minted, method))).toContain('expired');
    expect(at(-5_000).verify(minted, method).tid).toBe(defaultTenantId);
    expect(reasonOf(() => at(-5_001).verify(minted, method))).toContain('not yet');
  });

  test('under another installation’s key of the same version', () => {
    expect(reasonOf(() => verifierOf(ringOf(text(2), text(1))).verify(minted, method))).toContain('MAC');
  });

  test('under a version that is unknown, or the third of a ring', () => {
    expect(reasonOf(() => verifierOf(ringOf(third)).verify(minted, method))).toContain('version not live');
    const old = mint(ringOf(first));
    expect(reasonOf(() => verifierOf(ringOf(third, second, first)).verify(old, method))).toContain('version not live');
  });

  test('under the other live version', () => {
    expect(reasonOf(() => verifierOf(keys).verify(minted.replace(/^v2/, 'v1'), method))).toContain('MAC');
  });

  test('after any change of any one character', () => {
    const verifier = verifierOf(keys);
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';
    for (let at = 0; at < minted.length; at += 1) {
      const put = characters.charAt((characters.indexOf(minted.charAt(at)) + 1 + (at % 7)) % characters.length);
      reasonOf(() => verifier.verify(minted.slice(0, at) + put + minted.slice(at + 1), method));
    }
    // The last character of a MAC has two idle bits: another spelling of the same bytes is still another text.
    for (const last of characters.replace(minted.slice(-1), '')) {
      reasonOf(() => verifier.verify(minted.slice(0, -1) + last, method));
    }
  });

  test('when cut short or made longer', () => {
    const verifier = verifierOf(keys);
    for (const changed of [
      minted.slice(0, -1),
      minted.slice(1),
      `${minted}A`,
      `${minted}.`,
      ` ${minted}`,
      `${minted}\n`,
    ])
      reasonOf(() => verifier.verify(changed, method));
  });

  test('when its claims are of another shape', () => {
    const wrong = { ...claims, scp: 'search:read' } as unknown as PrincipalClaims;
    const minter = createPrincipalMinter({ keys, issuer: 'gateway', clock });
    const signed = minter.mint({ audience: 'search', method, claims: wrong });
    expect(reasonOf(() => verifierOf(keys).verify(signed, method))).toContain('claims');
  });
});
