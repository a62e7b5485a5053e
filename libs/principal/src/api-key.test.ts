import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apiKeyPattern, makeApiKey, readApiKey } from './api-key.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('new keys', () => {
  test('all match the pattern, read back as made, and none comes twice', () => {
    const texts = new Set<string>();
    const ids = new Set<string>();
    for (let count = 0; count < 20_000; count += 1) {
      const made = makeApiKey(count % 2 === 0 ? 'live' : 'test', randomBytes);
      const { mode, id12, secret32, text, last4 } = made;
      if (apiKeyPattern.exec(text)?.[0] !== text || text.length !== 61 || !text.endsWith(last4))
        throw new Error('shape');
      expect(readApiKey(text)).toEqual({ mode, id12, secret32 });
      texts.add(text);
      ids.add(id12);
    }
    expect(texts.size).toBe(20_000);
    expect(ids.size).toBe(20_000);
  });

  test('use every letter equally, because high bytes are drawn again', () => {
    const counts = new Map<string, number>();
    for (let count = 0; count < 10_000; count += 1) {
      const { id12, secret32 } = makeApiKey('live', randomBytes);
      for (const letter of id12 + secret32) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    // Without the second draw eight letters come up 1.25 times as often; by chance the ratio stays under 1.1.
    const seen = [...counts.values()];
    expect([...counts.keys()].sort().join('')).toBe([...alphabet].sort().join(''));
    expect(Math.max(...seen) / Math.min(...seen)).toBeLessThan(1.16);
  });

  test('have the checksum of zlib in base62, padded to six', () => {
    const zeros = makeApiKey('live', (size) => new Uint8Array(size));
    expect(zeros.text).toBe(`uapi_live_${'0'.repeat(12)}_${'0'.repeat(32)}${zeros.text.slice(-6)}`);
    // CRC-32 by its definition (reflected polynomial 0xEDB88320), bit by bit.
    let crc = 0xffffffff;
    for (const byte of Buffer.from(zeros.text.slice(0, -6))) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    const value = [...zeros.text.slice(-6)].reduce((sum, letter) => sum * 62 + alphabet.indexOf(letter), 0);
    expect(value).toBe((crc ^ 0xffffffff) >>> 0);
  });
});

describe('a text is no key', () => {
  test('after a change of any one character, into any other', () => {
    for (let count = 0; count < 5; count += 1) {
      const { text } = makeApiKey(count % 2 === 0 ? 'live' : 'test', randomBytes);
      for (let at = 0; at < text.length; at += 1) {
        for (const put of `${alphabet}_ `) {
          if (put === text.charAt(at)) continue;
          if (readApiKey(text.slice(0, at) + put + text.slice(at + 1)) !== undefined)
            throw new Error(`accepted at ${at}`);
        }
      }
    }
  });

  test('when two neighbours are swapped, or its mode is changed', () => {
    const { text } = makeApiKey('live', randomBytes);
    for (let at = 0; at + 1 < text.length; at += 1) {
      const swapped = text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
      if (swapped !== text) expect(readApiKey(swapped)).toBeUndefined();
    }
    expect(readApiKey(text.replace('live', 'test'))).toBeUndefined();
  });

  test('when it is any other text', () => {
    const { text } = makeApiKey('test', randomBytes);
    for (const other of ['', text.slice(1), text.slice(0, -1), `${text}0`, ` ${text}`, `${text}\n`, text.toUpperCase()])
      expect(readApiKey(other)).toBeUndefined();
    const shaped = fc.stringMatching(/^uapi_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    fc.assert(fc.property(fc.oneof(fc.string(), shaped), (noise) => readApiKey(noise) === undefined));
  });
});
