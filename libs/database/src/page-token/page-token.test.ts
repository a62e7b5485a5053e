import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import fc from 'fast-check';
import { createPageTokens, type PageQuery } from './page-token.ts';

const secret = () => ({ key: createSecretKey(randomBytes(32)) });
const ring = [secret()];
const pages = createPageTokens({ service: 'auth', keys: ring });
const query: PageQuery = { list: 'audit.list', tenantId: crypto.randomUUID(), filter: { action: 'auth.login' } };

const codeOf = (work: () => unknown) => {
  try {
    return ['read', work()];
  } catch (error) {
    return AppError.is(error) ? error.code : error;
  }
};

test('a token gives back its keyset, whatever is in it', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(fc.array(value), (keyset) => {
      const token = pages.make(query, keyset);
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(pages.read(query, token)).toEqual(JSON.parse(JSON.stringify(keyset)));
    }),
  );
});

test('no token is the first page', () => {
  expect(pages.read(query, undefined)).toBeUndefined();
  expect(pages.read(query, '')).toBeUndefined();
});

describe('refused', () => {
  const token = pages.make(query, ['2026-11-24T19:20:21.123Z', '42']);

  test('each token with one bit changed', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(codeOf(() => pages.read(query, damaged.toString('base64url')))).toBe('page_token_invalid');
    }
  });

  test('each token with one bit of its text changed, cut, or lengthened', () => {
    const text = Buffer.from(token);
    for (let bit = 0; bit < text.length * 8; bit++) {
      const damaged = Buffer.from(text);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(codeOf(() => pages.read(query, damaged.toString('latin1')))).toBe('page_token_invalid');
    }
    for (let length = 1; length < token.length; length++)
      expect(codeOf(() => pages.read(query, token.slice(0, length)))).toBe('page_token_invalid');
    for (const more of ['A', '=', ' ', '\n'])
      expect(codeOf(() => pages.read(query, token + more))).toBe('page_token_invalid');
  });

  test('one of another list, tenant, filter, service or secret', () => {
    const others: PageQuery[] = [
      { ...query, list: 'audit.other' },
      { ...query, tenantId: crypto.randomUUID() },
      { ...query, filter: {} },
      { ...query, filter: { action: 'auth.logout' } },
      { ...query, filter: { ...query.filter, from: 1 } },
    ];
    for (const other of others) expect(codeOf(() => pages.read(other, token))).toBe('page_token_invalid');
    for (const parts of [
      { service: 'search', keys: ring },
      { service: 'auth', keys: [secret()] },
    ])
      expect(codeOf(() => createPageTokens(parts).read(query, token))).toBe('page_token_invalid');
  });
});

test('fields that are not given, and their order, make no other query; an older secret is still understood', () => {
  const token = pages.make({ ...query, filter: { a: 1, b: 2 } }, [1]);
  const renewed = createPageTokens({ service: 'auth', keys: [secret(), ...ring] });
  expect(renewed.read({ ...query, filter: { c: undefined, b: 2, a: 1 } }, token)).toEqual([1]);
});
