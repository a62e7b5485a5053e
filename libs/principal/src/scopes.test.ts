import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anonymousScopes, hasScope, intersectScopes, isScope, platformScopes, roleScopes, scopes } from './scopes.ts';

/** Every scope of platform.md 1.2, spelt out. */
const documented = `search:read search:write catalogue:read data:read chat:write embed:write video:read video:write
  video:operate assistant:read assistant:write assistant:act_as mcp:use tools:* messages:send webhooks:read webhooks:write
  analytics:read analytics:export keys:read keys:write members:read members:write tenant:read tenant:write limits:read
  limits:write billing:read audit:read privacy:write health:read platform:read platform:write`.split(/\s+/);

describe('roles', () => {
  test('the table holds exactly the documented scopes', () => {
    expect([...scopes].sort()).toEqual([...documented].sort());
  });

  test('each role holds all that the one below it holds, and no scope twice', () => {
    const ladder = [roleScopes.viewer, roleScopes.analyst, roleScopes.developer, roleScopes.admin, roleScopes.owner];
    ladder.forEach((held, at) => {
      expect(new Set(held).size).toBe(held.length);
      for (const scope of ladder[at - 1] ?? []) expect(held).toContain(scope);
    });
  });

  test('a viewer reads everything but audit, members and platform', () => {
    const readable = documented.filter((scope) => scope.endsWith(':read') && !/^(audit|members|platform):/.test(scope));
    expect([...roleScopes.viewer].sort()).toEqual(readable.sort());
  });

  test('an owner holds all but the platform, and nobody holds `internal`', () => {
    expect([...roleScopes.owner, ...platformScopes].sort()).toEqual([...documented].sort());
    expect(scopes).not.toContain('internal');
    expect(isScope('internal')).toBe(false);
  });

  test('the anonymous principal only reads', () => {
    expect(anonymousScopes.every((scope) => scope.endsWith(':read') && roleScopes.viewer.includes(scope))).toBe(true);
  });
});

describe('scopes in use', () => {
  test('a tool is covered by its own scope or by tools:*', () => {
    expect(hasScope(['tools:*'], 'tools:weather')).toBe(true);
    expect(hasScope(['tools:weather'], 'tools:weather')).toBe(true);
    expect(hasScope(['tools:weather'], 'tools:*')).toBe(false);
    expect(hasScope(['platform:*'], 'platform:write')).toBe(false);
    expect(isScope('tools:weather')).toBe(true);
    expect(isScope('tools:Weather!')).toBe(false);
  });

  test('an intersection holds what both sides cover, never more', () => {
    const some = fc.subarray([...scopes, 'tools:weather', 'tools:maps']);
    fc.assert(
      fc.property(some, some, (wanted, allowed) => {
        const both = intersectScopes(wanted, allowed);
        for (const scope of [...scopes, 'tools:weather', 'tools:maps'])
          expect(hasScope(both, scope)).toBe(hasScope(wanted, scope) && hasScope(allowed, scope));
        expect(new Set(both).size).toBe(both.length);
      }),
    );
  });
});
