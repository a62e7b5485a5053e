/** Plans, least first; what each multiplies is a matter of `libs/limits` (platform.md 2.3). */
export const plans = ['free', 'starter', 'pro', 'unlimited'] as const;

/** A plan of a tenant. */
export type Plan = (typeof plans)[number];

/** Whose provider credentials may be used: none (`local`), the tenant's (`own`), or the operator's too (`shared`). */
export const credentialPools = ['local', 'own', 'shared'] as const;

/** A credential pool of a tenant. */
export type CredentialPool = (typeof credentialPools)[number];

/** Modes of a key: `test` keys reach local and simulated providers only and never spend. */
export const keyModes = ['live', 'test'] as const;

/** A mode of a key. */
export type KeyMode = (typeof keyModes)[number];

/** Whether a word is a plan. */
export function isPlan(word: unknown): word is Plan {
  return (plans as readonly unknown[]).includes(word);
}

/** Whether a word is a credential pool. */
export function isCredentialPool(word: unknown): word is CredentialPool {
  return (credentialPools as readonly unknown[]).includes(word);
}

/** Whether a word is a mode of a key. */
export function isKeyMode(word: unknown): word is KeyMode {
  return (keyModes as readonly unknown[]).includes(word);
}
