import { hasScope, roleScopes, type Role } from '@universal-api/principal';

/** Roles, least first; each holds all that the one before it does. */
export const roles = ['viewer', 'analyst', 'developer', 'admin', 'owner'] as const satisfies readonly Role[];

/** Whether a word is a role. */
export function isRole(word: string): word is Role {
  return (roles as readonly string[]).includes(word);
}

/** How far a role is up; 0 is the least. */
export function rankOf(role: Role): number {
  return roles.indexOf(role);
}

/** The highest role whose every scope is held; `undefined` if not even the least is. */
export function heldRole(held: readonly string[]): Role | undefined {
  return roles.findLast((role) => roleScopes[role].every((scope) => hasScope(held, scope)));
}
