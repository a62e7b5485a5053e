import { describe, expect, test } from '@jest/globals';
import { roleScopes } from '@universal-api/principal';
import { productContract } from '@universal-api/protos';
import { narrowScopes } from './scopes-by-app.ts';

describe('the scopes of a principal', () => {
  const narrow = narrowScopes(productContract());

  test('are those of the caller that the service can ask for', () => {
    expect([...narrow('search', roleScopes.owner)].sort()).toEqual(['data:read', 'search:read']);
    expect(narrow('search', ['video:read'])).toEqual([]);
  });

  test('are all of the caller’s for the service that gives scopes to keys', () => {
    expect(narrow('auth', roleScopes.owner)).toEqual(roleScopes.owner);
  });

  test('are never more than the caller has', () => {
    expect(narrow('search', ['data:read'])).toEqual(['data:read']);
    expect(narrow('nowhere', roleScopes.owner)).toEqual([]);
  });
});
