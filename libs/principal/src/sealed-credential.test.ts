import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Secret } from '@universal-api/config';
import { parseKeyRing } from './key-ring.ts';
import { openCredential, sealCredential } from './sealed-credential.ts';

const text = (version: number) => `v${version}:${randomBytes(32).toString('base64')}`;
const ring = (...texts: string[]) => parseKeyRing('INTERNAL_AUTH_KEY', new Secret(texts.join(',')));
const first = text(1);
const keys = ring(first);
const of = { tenantId: '0190b5c2-0000-7000-8000-000000000001', provider: 'weatherapi' };
const value = 'a provider credential, ünïcode';
const seal = () => sealCredential({ keys, service: 'search', randomBytes }, of, value);

describe('a sealed credential', () => {
  test('is opened by the service it was sealed for', () => {
    expect(openCredential({ keys, service: 'search' }, of, seal())).toBe(value);
  });

  test('is opened after a rotation, until its version is gone', () => {
    const sealed = seal();
    const second = text(2);
    expect(openCredential({ keys: ring(second, first), service: 'search' }, of, sealed)).toBe(value);
    expect(() => openCredential({ keys: ring(second), service: 'search' }, of, sealed)).toThrow(
      /v1 of the key is gone/,
    );
  });

  test('is opened by no other service, and as nobody else’s', () => {
    const sealed = seal();
    for (const [service, as] of [
      ['video', of],
      ['search', { ...of, provider: 'opencage' }],
      ['search', { ...of, tenantId: '0190b5c2-0000-7000-8000-000000000002' }],
    ] as const)
      expect(() => openCredential({ keys, service }, as, sealed)).toThrow(/could not be opened/);
  });

  test('is refused with any byte changed, or cut', () => {
    const { sealed, keyVersion } = seal();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => openCredential({ keys, service: 'search' }, of, { sealed: changed, keyVersion })).toThrow();
    }
    expect(() =>
      openCredential({ keys, service: 'search' }, of, { sealed: sealed.subarray(0, 20), keyVersion }),
    ).toThrow(/too short/);
  });

  test('never looks the same twice, and does not show the value', () => {
    const [one, other] = [seal(), seal()].map(({ sealed }) => Buffer.from(sealed));
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(false);
    expect(one?.includes('credential')).toBe(false);
  });
});
