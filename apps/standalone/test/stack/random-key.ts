import { randomBytes } from 'node:crypto';

/** A secret as the product takes it: a key ring of one. */
export function randomKey(): string {
  return `v1:${randomBytes(32).toString('base64')}`;
}
