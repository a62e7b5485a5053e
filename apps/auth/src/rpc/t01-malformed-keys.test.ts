import { randomBytes, randomInt } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { apiKeyPattern, keyModes, makeApiKey, readCredential } from '@universal-api/principal';
import { create } from '@universal-api/protos';
import { VerifyKeyRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { pepperText, ringOf } from '../../test/auth-fixture.ts';
import type { ApiKeyStore } from '../store/api-key-store.ts';
import { verifyKey } from './verify-key.ts';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_';
const printable = Array.from({ length: 94 }, (_none, at) => String.fromCharCode(33 + at)).join('');
const pick = (from: string) => from.charAt(randomInt(from.length));

/** A store that says what it was asked for: what is asked here costs a SELECT there. */
function watchedStore(): ApiKeyStore & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async find(id12) {
      asked.push(id12);
      return undefined;
    },
    changeMac: () => Promise.reject(new Error('nothing was found that could be changed')),
  };
}

function changeOne(text: string): string {
  const at = randomInt(text.length);
  let letter = pick(letters);
  while (letter === text.charAt(at)) letter = pick(letters);
  return text.slice(0, at) + letter + text.slice(at + 1);
}

/** Texts of every length, of letters or anything printable, half of them dressed as keys. */
function randomText(): string {
  const alphabet = randomInt(2) === 0 ? letters : printable;
  const body = (length: number) => Array.from({ length }, () => pick(alphabet)).join('');
  return randomInt(2) === 0
    ? body(randomInt(90))
    : `uapi_${pick('lt') === 'l' ? 'live' : 'test'}_${body(12)}_${body(38)}`;
}

describe('T01 keys', () => {
  const made = Array.from({ length: 100_000 }, (_none, at) => makeApiKey(keyModes[at % 2] ?? 'live', randomBytes).text);

  test('T01 100,000 of them match the pattern, and no two are equal', () => {
    const whole = new RegExp(`^${apiKeyPattern.source}$`);
    expect(made.filter((text) => !whole.test(text))).toEqual([]);
    expect(new Set(made).size).toBe(100_000);
    expect(new Set(made.map((text) => text.slice(10, 22))).size).toBe(100_000);
  });

  test('T01 10,000 with one character changed and 20,000 random texts are refused for no look-up at all', async () => {
    const keys = watchedStore();
    const verify = verifyKey({ keys, peppers: ringOf(pepperText(1)) });
    const wrong = [...made.slice(0, 10_000).map(changeOne), ...Array.from({ length: 20_000 }, randomText)];
    for (const key of wrong) expect(await verify(create(VerifyKeyRequestSchema, { key }))).toEqual({ valid: false });
    expect(keys.asked).toEqual([]);
    // Nor does the edge ask for one: it takes none of them for a key.
    for (const text of wrong) expect(readCredential({ apiKey: text, url: '/' }).kind).not.toBe('api_key');
    await verify(create(VerifyKeyRequestSchema, { key: made[0] }));
    expect(keys.asked).toEqual([made[0]?.slice(10, 22)]);
  });
});
