import type { HttpAnswer } from '@universal-api/providers-spec';

const maxMs = 7 * 24 * 3600 * 1000;

/**
 * Until when an answer is fresh by its own headers, ms since the epoch; undefined if they do not say. `max-age` wins
 * over `Expires`, less the `Age` it already has (RFC 9111 section 4.2); `no-store` and `no-cache` mean now.
 * At most a week.
 */
export function readExpiry(headers: HttpAnswer['headers'], now: number): number | undefined {
  const control = first(headers['cache-control']);
  if (control && /\bno-(?:store|cache)\b/i.test(control)) return now;
  const maxAge = control && /\bmax-age=(\d+)/i.exec(control)?.[1];
  const freshMs = maxAge
    ? (Number(maxAge) - (Number(first(headers['age'])) || 0)) * 1000
    : Date.parse(first(headers['expires']) ?? '') - now;
  if (Number.isNaN(freshMs)) return undefined;
  return now + Math.min(Math.max(freshMs, 0), maxMs);
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
