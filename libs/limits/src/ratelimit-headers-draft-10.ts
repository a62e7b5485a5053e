import type { Decision, PolicyState } from './rate-limiter.ts';

const usPerSecond = 1_000_000;
const jitterShare = 0.1;
const longestJitterUs = 5 * usPerSecond;

/** The three header fields of an answer, ready to be set. */
export interface RateLimitHeaders {
  /** Value of `RateLimit-Policy`. */
  readonly policy: string;
  /** Value of `RateLimit`. */
  readonly limit: string;
  /** Value of `Retry-After`, whole seconds, at least 1; only on a refusal. */
  readonly retryAfterS?: number;
}

/**
 * The fields that tell a caller where he stands: structured-field lists of strings, as of
 * draft-ietf-httpapi-ratelimit-headers-10, written as platform.md 2.4 says. `decisions` are those made for one request, in
 * order (the edge's, then the caller's); `undefined` if no policy applied. The tightest policy, the one with least left,
 * comes first in both lists. On a refusal the same random 0 to 10 % of the wait, at most 5 s, is added to `Retry-After` and
 * to the `t` of the policies that refused, so that callers refused together do not come back together; `Retry-After` is
 * then no less than any of those `t`. `random` gives numbers from 0 up to 1.
 */
export function toRateLimitHeaders(decisions: readonly Decision[], random: () => number): RateLimitHeaders | undefined {
  const policies: PolicyState[] = [];
  for (const decision of decisions) policies.push(...decision.policies);
  if (policies.length === 0) return undefined;
  policies.sort(byTightness);

  let waitUs = 0;
  for (const { wait } of policies) waitUs = Math.max(waitUs, wait);
  const jitterUs = waitUs === 0 ? 0 : Math.min(waitUs * jitterShare, longestJitterUs) * random();

  let policy = '';
  let limit = '';
  for (const { name, q, w, r, t, wait } of policies) {
    const separator = policy === '' ? '' : ', ';
    const resetS = Math.min(Math.ceil((wait > 0 ? t + jitterUs : t) / usPerSecond), w);
    policy += `${separator}"${name}";q=${q};w=${w}`;
    limit += `${separator}"${name}";r=${Math.min(r, q)};t=${resetS}`;
  }
  return waitUs === 0
    ? { policy, limit }
    : { policy, limit, retryAfterS: Math.ceil((waitUs + jitterUs) / usPerSecond) };
}

/**
 * The fields of one answer whose decisions were made in two places, which share no policy; each is as `toRateLimitHeaders` wrote it.
 * The tightest policy comes first; of two that are as tight, `first`'s.
 */
export function joinRateLimitHeaders(
  first: Pick<RateLimitHeaders, 'policy' | 'limit'>,
  second: Pick<RateLimitHeaders, 'policy' | 'limit'>,
): Pick<RateLimitHeaders, 'policy' | 'limit'> {
  const limits = [first, second].flatMap(({ limit }) => limit.split(', '));
  const policies = [first, second].flatMap(({ policy }) => policy.split(', '));
  const order = limits.map((limit, index) => ({ index, left: Number(/;r=(\d+)/.exec(limit)?.[1]) }));
  order.sort((a, b) => a.left - b.left);
  const inOrder = (items: readonly string[]) => order.map(({ index }) => items[index] ?? '').join(', ');
  return { policy: inOrder(policies), limit: inOrder(limits) };
}

/** Whether an answer of this HTTP status carries the fields: 2xx, 5xx and 4xx but for 401 and 403. */
export function carriesRateLimitHeaders(status: number): boolean {
  return (status >= 200 && status < 300) || (status >= 400 && status !== 401 && status !== 403);
}

function byTightness(a: PolicyState, b: PolicyState): number {
  return a.r - b.r || b.wait - a.wait || b.t - a.t;
}
