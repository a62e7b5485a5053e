import { describe, expect, test } from '@jest/globals';
import { fromPublicId, toPublicId } from './public-id.ts';
import { newId } from './uuid-v7.ts';

describe('public ids', () => {
  test('come back as the id they were made of', () => {
    const id = newId();
    expect(fromPublicId('key', toPublicId('key', id))).toBe(id);
  });

  test.each(['usr_0190b5c2-7a10-7000-8000-000000000000', 'key_', 'key_x', '', '0190b5c2-7a10-7000-8000-000000000000'])(
    'an id of another kind or shape is none: %s',
    (text) => expect(fromPublicId('key', text)).toBeUndefined(),
  );
});
