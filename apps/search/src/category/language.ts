import { AppError } from '@universal-api/errors';

/** Where neither the request nor the caller says anything. */
export const defaultLanguage = 'en';

const plain = /^[a-z]{2,3}$/;

/** The caller's preference, BCP 47; one that cannot be read counts as none. */
export function preferredLanguage(tag: string | undefined): string {
  return (tag && canonicalTag(tag)) || defaultLanguage;
}

/** The language of a request in canonical form. Errors: `invalid_request` if it is no BCP 47 tag. */
export function readLanguage(tag: string): string {
  const canonical = canonicalTag(tag);
  if (canonical) return canonical;
  throw new AppError('invalid_request', { errors: [{ field: 'language', rule: 'must be a BCP 47 language tag' }] });
}

function canonicalTag(tag: string): string | undefined {
  if (plain.test(tag)) return tag;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined; // Not a tag: what that means is for the caller to say.
  }
}
