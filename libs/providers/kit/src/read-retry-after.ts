const minMs = 1000;
const maxMs = 24 * 3600 * 1000;

/**
 * How long an upstream asks us to wait, ms, at least 1 s and at most a day; undefined if it does not say or says
 * nonsense. Seconds or an HTTP date, as in RFC 9110 section 10.2.3.
 */
export function readRetryAfter(value: string | readonly string[] | undefined, now: number): number | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  if (!text) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, minMs), maxMs);
}
