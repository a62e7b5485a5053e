/** Type prefixes of public ids: what a reader of `key_0190…` holds in hand. */
export const idPrefixes = {
  tenant: 'ten',
  user: 'usr',
  key: 'key',
  session: 'ses',
  invitation: 'inv',
  decision: 'dec',
  search: 'srch',
} as const;

/** Kinds of things with public ids. */
export type IdKind = keyof typeof idPrefixes;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID with its type prefix, as callers see it: `key_0190b5c2-…`. */
export function toPublicId(kind: IdKind, id: string): string {
  return `${idPrefixes[kind]}_${id}`;
}

/** The UUID of a public id of that kind; undefined when it is anything else. */
export function fromPublicId(kind: IdKind, text: string): string | undefined {
  const prefix = `${idPrefixes[kind]}_`;
  const id = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  return uuid.test(id) ? id : undefined;
}
