import { describe, expect, test } from '@jest/globals';
import { defaultTenantId, newId } from '@universal-api/ids';
import { platformScopes, roleScopes } from '@universal-api/principal';
import { effectiveScopes, isUsable, type KeyStanding } from './key-rights.ts';

const readAt = new Date('2026-11-24T12:00:00.000Z');
const before = new Date(readAt.getTime() - 1);
const after = new Date(readAt.getTime() + 1);
const standing: KeyStanding = {
  tenant_id: newId(),
  tenant_status: 'active',
  owner: null,
  state: 'active',
  expires_at: null,
  overlap_until: null,
  owner_status: null,
  owner_role: null,
  owner_operator: false,
  scopes: ['data:read'],
  read_at: readAt,
};

const table: readonly (readonly [string, Partial<KeyStanding>, boolean])[] = [
  ['an active one', {}, true],
  ['one that expires later', { expires_at: after }, true],
  ['one that expires now', { expires_at: readAt }, false],
  ['one that expired', { expires_at: before }, false],
  ['a rotated one within its overlap', { state: 'rotated', overlap_until: after }, true],
  ['a rotated one at the end of its overlap', { state: 'rotated', overlap_until: readAt }, false],
  ['a rotated one without an overlap', { state: 'rotated' }, false],
  [
    'a rotated one that expired within its overlap',
    { state: 'rotated', overlap_until: after, expires_at: before },
    false,
  ],
  ['a revoked one, whatever its times', { state: 'revoked', overlap_until: after, expires_at: after }, false],
  ['one in a state nobody knows', { state: 'paused' }, false],
  ['one of a suspended tenant', { tenant_status: 'suspended' }, false],
  ['one of a tenant being erased', { tenant_status: 'erasing' }, false],
  ['one of a member', { owner: newId(), owner_status: 'active', owner_role: 'viewer' }, true],
  ['one of a person who is no member any more', { owner: newId(), owner_status: 'active' }, false],
  ['one of a member who is disabled', { owner: newId(), owner_status: 'disabled', owner_role: 'owner' }, false],
  ['one of somebody who is gone', { owner: newId() }, false],
];

describe('a key works or not', () => {
  test.each(table)('%s', (_name, change, expected) => {
    expect(isUsable({ ...standing, ...change })).toBe(expected);
  });
});

describe('effective scopes', () => {
  const everything = [...roleScopes.owner, ...platformScopes, 'internal'];

  test('are those of the key and no more', () => {
    expect(effectiveScopes({ ...standing, scopes: ['data:read', 'keys:write'] })).toEqual(['data:read', 'keys:write']);
    expect(effectiveScopes({ ...standing, scopes: [] })).toEqual([]);
  });

  test('end at the role owner in a tenant like any other', () => {
    expect(effectiveScopes({ ...standing, scopes: everything })).toEqual([...roleScopes.owner]);
  });

  test.each(['viewer', 'analyst', 'developer', 'admin', 'owner'] as const)(
    'end at the present role %s of a person',
    (role) => {
      const ofPerson = { ...standing, owner: newId(), owner_status: 'active', owner_role: role, scopes: everything };
      expect(effectiveScopes(ofPerson)).toEqual([...roleScopes[role]]);
      expect(effectiveScopes({ ...ofPerson, tenant_id: defaultTenantId })).toEqual([...roleScopes[role]]);
      expect(effectiveScopes({ ...ofPerson, owner_operator: true })).toEqual([...roleScopes[role], ...platformScopes]);
      expect(effectiveScopes({ ...ofPerson, owner_role: null, owner_operator: true })).toEqual([]);
    },
  );

  test('reach the platform in tenant `default`, and `internal` nowhere', () => {
    const own = { ...standing, tenant_id: defaultTenantId, scopes: everything };
    expect(effectiveScopes(own)).toEqual([...roleScopes.owner, ...platformScopes]);
    expect(effectiveScopes({ ...own, scopes: ['data:read'] })).toEqual(['data:read']);
  });
});
