/** Scopes that only an operator of the installation holds. */
export const platformScopes = ['platform:read', 'platform:write'] as const;

/** Scopes of the anonymous principal: reading, and nothing that keeps state (platform.md 1.2). */
export const anonymousScopes = ['search:read', 'catalogue:read', 'data:read', 'health:read'] as const;

/** The scope that only `system` principals hold: calls between our own parts. */
export const internalScope = 'internal';

const viewer = [
  ...['search:read', 'catalogue:read', 'data:read', 'video:read', 'assistant:read', 'webhooks:read'],
  ...['analytics:read', 'keys:read', 'tenant:read', 'limits:read', 'billing:read', 'health:read'],
];
const analyst = [...viewer, 'analytics:export'];
const developer = [
  ...analyst,
  ...['chat:write', 'embed:write', 'search:write', 'video:write', 'assistant:write', 'webhooks:write'],
  ...['messages:send', 'mcp:use', 'tools:*', 'keys:write'],
];
const admin = [
  ...developer,
  ...['members:read', 'members:write', 'limits:write', 'audit:read', 'video:operate', 'assistant:act_as'],
  'tenant:write',
];
const owner = [...admin, 'privacy:write'];

/** Roles of a member, and what each may do at most (platform.md 1.2). `tools:*` stands for every `tools:<capability>`. */
export const roleScopes = { viewer, analyst, developer, admin, owner } as const satisfies Record<
  string,
  readonly string[]
>;

/** A role of a member in a tenant. */
export type Role = keyof typeof roleScopes;

/** Every scope that a key can hold; `internal` is none of them. */
export const scopes: readonly string[] = [...owner, ...platformScopes];

const known: ReadonlySet<string> = new Set(scopes);
const toolScope = /^tools:[a-z][a-z0-9_.]{0,63}$/;

/** Whether a word is a scope that a key can hold, `tools:<capability>` included. */
export function isScope(word: string): boolean {
  return known.has(word) || toolScope.test(word);
}

/** Whether the held scopes cover a needed one: by name, or by `tools:*`. */
export function hasScope(held: readonly string[], needed: string): boolean {
  return held.includes(needed) || (needed.startsWith('tools:') && held.includes('tools:*'));
}

/** What of the wanted scopes is also allowed, in the order wanted; `tools:*` yields to the narrower side. */
export function intersectScopes(wanted: readonly string[], allowed: readonly string[]): string[] {
  const kept = wanted.filter((scope) => hasScope(allowed, scope));
  if (!wanted.includes('tools:*') || allowed.includes('tools:*')) return kept;
  return [...kept, ...allowed.filter((scope) => scope.startsWith('tools:') && !kept.includes(scope))];
}
