import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { databaseOf, withDatabase, withSettings } from './connection-url.ts';

const socketUrl = 'postgresql://uapi:s%40cret@localhost/one?host=%2Frun%2Fpg';

describe('ok', () => {
  test('any database name survives, and the rest of the URL with it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        fc.pre(name.isWellFormed() && name !== '.' && name !== '..');
        const changed = withDatabase(socketUrl, name);
        expect(databaseOf(changed)).toBe(name);
        expect(new URL(changed).password).toBe('s%40cret');
        expect(new URL(changed).searchParams.get('host')).toBe('/run/pg');
      }),
    );
  });

  test('settings come after those of the URL, with spaces kept', () => {
    const url = `${socketUrl}&options=-c%20role%3Dother`;
    const options = new URL(withSettings(url, { role: 'auth_app', search_path: 'auth, public' })).searchParams.get(
      'options',
    );
    expect(options).toBe('-c role=other -c role=auth_app -c search_path=auth,\\ public');
  });

  test('a URL without database means postgres', () => {
    expect(databaseOf('postgresql://uapi@db.example')).toBe('postgres');
  });
});
