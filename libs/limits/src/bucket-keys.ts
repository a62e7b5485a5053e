import type { Charge } from './rate-limiter.ts';

/** The name of a bucket in Redis. */
export type BucketKey = (charge: Charge) => string;

/**
 * `<prefix>:rl:{<tenant>}:<policy>:<partition>`, and `<prefix>:rl:{<partition>}:<policy>` for a bucket of no tenant
 * (platform.md 2.2). No two buckets share a name, whatever is in their texts: only the partition, at the end, is as it was.
 */
export function createBucketKeys(prefix: string): BucketKey {
  return ({ policy, partition, tenant }) =>
    tenant === undefined
      ? `${prefix}:rl:{${escape(partition)}}:${escape(policy)}`
      : `${prefix}:rl:{${escape(tenant)}}:${escape(policy)}:${partition}`;
}

function escape(text: string): string {
  return text.replace(/[%:{}]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
