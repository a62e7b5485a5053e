import { Resolver } from 'node:dns/promises';
import { codeOf } from './read-error.ts';

/** Address records of a name, and how long they may be kept. */
export interface Records {
  /** IPv4 first, then IPv6; never empty. */
  readonly addresses: readonly string[];
  readonly ttlS: number;
}

/** After the first family has answered, the other gets this long (RFC 8305 section 3). */
const otherFamilyMs = 50;

/**
 * Asks the name servers for A and AAAA under one timer of our own, which cancels the queries: c-ares' own `timeout` is
 * no bound, a silent server costs a multiple of it. Rejects with the resolver's error, `ETIMEOUT` after `timeoutMs`.
 * `servers` as in `dns.setServers`; absent: those of the system.
 */
export async function queryName(name: string, timeoutMs: number, servers?: readonly string[]): Promise<Records> {
  // A resolver of its own for each name, since `cancel` ends all queries of one.
  const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 3), tries: 3 });
  if (servers) resolver.setServers(servers);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    resolver.cancel();
  }, timeoutMs);
  const v4 = resolver.resolve4(name, { ttl: true });
  const v6 = resolver.resolve6(name, { ttl: true });
  const families = [v4, v6];
  let grace: NodeJS.Timeout | undefined;
  try {
    await Promise.any(families);
    grace = setTimeout(() => resolver.cancel(), otherFamilyMs);
    const records = (await Promise.allSettled(families)).flatMap((family) =>
      family.status === 'fulfilled' ? family.value : [],
    );
    const ttlS = Math.min(...records.map((record) => record.ttl));
    return { addresses: records.map((record) => record.address), ttlS };
  } catch (thrown) {
    throw nameError(isLate ? 'ETIMEOUT' : firstCode(thrown), name);
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
  }
}

/** An error with a code of the resolver, such as `ETIMEOUT` or `ENOTFOUND`. */
export function nameError(code: string, name: string): Error & { code: string } {
  return Object.assign(new Error(`${code} looking up ${name}`), { code });
}

/** Of the first family: both failed, mostly for the same reason. */
function firstCode(thrown: unknown): string {
  const [first] = (thrown as AggregateError).errors as unknown[];
  return codeOf(first) || 'ESERVFAIL';
}
