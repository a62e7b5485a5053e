import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createUuidV7 } from './uuid-v7.ts';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('UUIDv7', () => {
  test('has version 7, the RFC variant and the time in its first 48 bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
        const id = createUuidV7({ now: () => now, fill: (bytes) => bytes.fill(0xff) })();
        expect(id).toMatch(pattern);
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
      }),
    );
  });

  test('10,000 ids of one millisecond are unique and in order', () => {
    const make = createUuidV7({ now: () => 1_700_000_000_000, fill: (bytes) => bytes.fill(0x5a) });
    const ids = Array.from({ length: 10_000 }, make);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  test('a clock that steps back gives no id twice and no disorder', () => {
    let now = 1_700_000_000_000;
    const make = createUuidV7({ now: () => now--, fill: (bytes) => bytes.fill(1) });
    const ids = Array.from({ length: 1_000 }, make);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
