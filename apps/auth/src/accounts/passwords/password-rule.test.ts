import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import fc from 'fast-check';
import { loadCommonPasswords } from './common-passwords.ts';
import { createPasswordRule } from './password-rule.ts';

const common = loadCommonPasswords();
const check = createPasswordRule({ common });
const words = { email: 'anna.berg@example.org', username: 'anberg', tenantNames: ['Nordwind GmbH'], field: 'password' };

async function ruleBroken(password: string): Promise<string | undefined> {
  try {
    await check({ password, ...words });
    return undefined;
  } catch (error) {
    if (!AppError.is(error)) throw error;
    expect(error.code).toBe('invalid_request');
    expect(error.details.errors).toHaveLength(1);
    expect(error.details.errors?.[0]?.field).toBe('password');
    if (/\d/.test(password)) expect(JSON.stringify([error.message, error.details])).not.toContain(password);
    return error.details.errors?.[0]?.rule;
  }
}

test('the list has 3,000 passwords of eight characters or more, lower case', () => {
  expect(common.size).toBe(3_000);
  for (const password of common) {
    expect([...password].length).toBeGreaterThanOrEqual(8);
    expect(password).toBe(password.toLowerCase());
  }
  expect(common.has('password')).toBe(true);
});

describe('refused', () => {
  test('under 8 and over 256 characters, counted as a person counts and after NFC', async () => {
    expect(await ruleBroken('xq7Lm2k')).toBe('min_length');
    expect(await ruleBroken('xq7Lm2kv')).toBeUndefined();
    expect(await ruleBroken('🦊🦊🦊🦊🦊🦊🦊')).toBe('min_length');
    expect(await ruleBroken('🦊🐻🦊🐻🦊🐻🦊🐻')).toBeUndefined();
    // Seven letters, one of them written as two.
    expect(await ruleBroken('xq7Lme\u0301k')).toBe('min_length');
    expect(await ruleBroken('y'.repeat(256))).toBeUndefined();
    expect(await ruleBroken('y'.repeat(257))).toBe('max_length');
  });

  test.each(['password', 'PassWord', '12345678', 'iloveyou', 'qwertyuiop'])(
    'what everybody uses: %s',
    async (password) => {
      expect(await ruleBroken(password)).toBe('too_common');
    },
  );

  test.each([
    'anna.berg',
    'AnnaBerg2026',
    '2026AnnaBerg!',
    'anna.berg@example.org',
    'anberg-99',
    'nordwind gmbh',
    'NordwindGmbH1',
    'Universal API',
    'universalapi1!',
  ])('what is made of the account, its tenant or the product: %s', async (password) => {
    expect(await ruleBroken(password)).toBe('too_obvious');
  });

  test('what is in the list of breached ones', async () => {
    const strict = createPasswordRule({ common, isBreached: async (password) => password === 'a leaked sentence' });
    await expect(strict({ password: 'a leaked sentence', ...words })).rejects.toMatchObject({
      details: { errors: [{ field: 'password', rule: 'breached' }] },
    });
    await strict({ password: 'another sentence', ...words });
  });
});

describe('taken', () => {
  test.each([
    'correct horse battery',
    'annaberg likes mountains',
    'aaaaaaaaaaaaaaaaab',
    'пароль-не-простой',
    '        space  ',
  ])('without any rule of composition: %s', async (password) => expect(await ruleBroken(password)).toBeUndefined());

  test('every random password of 12 to 256 characters', async () => {
    const letters = fc.string({ unit: fc.constantFrom(...'qxzjvkw83'), minLength: 12, maxLength: 256 });
    await fc.assert(fc.asyncProperty(letters, async (password) => expect(await ruleBroken(password)).toBeUndefined()));
  });
});
