import type { FailureClass } from '@universal-api/errors';
import type { FailureRule, HttpAnswer } from '@universal-api/providers-spec';
import { readRetryAfter } from './read-retry-after.ts';

/** How much of a body the rules look at, characters. */
const lookAt = 2048;

/** What an answer was, if not the one asked for. */
export interface Classified {
  readonly failure: FailureClass;
  /** When the provider may be asked again, for `quota_exhausted` only. */
  readonly until?: Date;
}

/**
 * Failure class of an answer by the manifest's rules, then by its status; undefined: it is an answer.
 * A rule also sees answers of status 200: a notice is not an answer. Without a rule: 401 and 403 `auth`,
 * 404 and 410 `not_found`, 408, 425 and 429 `quota_exhausted`, 5xx `retry_elsewhere`, all else that is not 2xx
 * `malformed`, since our request was well formed and a redirect is not followed.
 */
export function classifyStatus(answer: HttpAnswer, rules: readonly FailureRule[], now: number): Classified | undefined {
  const rule = rules.length > 0 ? ruleFor(answer, rules) : undefined;
  const failure = rule ? rule.failure : failureOf(answer.status);
  if (failure !== 'quota_exhausted') return failure && { failure };
  const waitMs = readRetryAfter(answer.headers['retry-after'], now);
  const until = waitMs === undefined ? nextFull(rule?.resets, now) : new Date(now + waitMs);
  return { failure, until };
}

function ruleFor(answer: HttpAnswer, rules: readonly FailureRule[]): FailureRule | undefined {
  const start = answer.body.length > lookAt ? answer.body.slice(0, lookAt) : answer.body;
  return rules.find(
    (rule) =>
      (rule.status === undefined || rule.status === answer.status) &&
      (rule.header === undefined || answer.headers[rule.header] !== undefined) &&
      (rule.body === undefined || rule.body.test(start)),
  );
}

function failureOf(status: number): FailureClass | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403) return 'auth';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 408 || status === 425 || status === 429) return 'quota_exhausted';
  return status >= 500 ? 'retry_elsewhere' : 'malformed';
}

const lengthMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

function nextFull(period: FailureRule['resets'], now: number): Date | undefined {
  if (!period) return undefined;
  const length = lengthMs[period];
  return new Date((Math.floor(now / length) + 1) * length);
}
