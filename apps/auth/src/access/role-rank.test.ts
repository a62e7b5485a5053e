import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasScope, roleScopes, scopes } from '@universal-api/principal';
import { heldRole, isRole, rankOf, roles } from './role-rank.ts';
import { requireReach } from './standing.ts';

const anyRole = fc.constantFrom(...roles);
const anyScopes = fc.subarray([...scopes, 'tools:weather.current', 'internal']);

describe('roles', () => {
  test('are ordered: each holds all that the one before it does, and more', () => {
    for (const [at, role] of roles.entries()) {
      const before = roles[at - 1];
      if (before === undefined) continue;
      expect(roleScopes[before].filter((scope) => !hasScope(roleScopes[role], scope))).toEqual([]);
      expect(roleScopes[role].length).toBeGreaterThan(roleScopes[before].length);
    }
  });

  test('are five words and no property of an object', () => {
    expect(roles.every(isRole)).toBe(true);
    for (const word of ['', 'Owner', 'operator', 'constructor', '__proto__']) expect(isRole(word)).toBe(false);
  });
});

describe('the role that scopes make whole', () => {
  test('is that of the role, whatever is held beside it, and a lower one without any single scope', () => {
    fc.assert(
      fc.property(anyRole, anyScopes, (role, more) => {
        const held = heldRole([...roleScopes[role], ...more]);
        expect(held !== undefined && rankOf(held) >= rankOf(role)).toBe(true);
      }),
    );
    for (const role of roles)
      for (const missing of roleScopes[role]) {
        const held = heldRole(roleScopes[role].filter((scope) => scope !== missing));
        expect(held === undefined || rankOf(held) < rankOf(role)).toBe(true);
      }
  });

  test('is never passed on in part: who may give a role holds all of it', () => {
    fc.assert(
      fc.property(anyScopes, anyRole, (held, wanted) => {
        const mayGive = roleScopes[wanted].every((scope) => hasScope(held, scope));
        const give = () => requireReach({ role: heldRole(held) }, wanted);
        if (mayGive) give();
        else expect(give).toThrow(expect.objectContaining({ code: 'permission_denied' }));
      }),
      { numRuns: 1_000 },
    );
  });
});
