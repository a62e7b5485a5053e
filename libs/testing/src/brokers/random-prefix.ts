import { randomBytes } from 'node:crypto';

/** A prefix that no other test has, for topics, groups and Redis keys: `t` and 12 hexadecimal digits. */
export function randomPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`;
}
