import { factsOf, type ErrorCode, type NextAction } from './error-codes.ts';

/** One refused field: its path and the rule it broke. */
export interface FieldError {
  readonly field: string;
  readonly rule: string;
}

/** A provider that did not answer, why, and the variable that would enable it. */
export interface CandidateReason {
  readonly provider: string;
  readonly reason: string;
  readonly variable?: string;
}

/** What the caller can do now. */
export interface Next {
  readonly action: NextAction;
  readonly field?: string;
  readonly after_s?: number;
  readonly variable?: string;
  readonly operation?: string;
}

/** A problem document (RFC 9457), in its wire spelling. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly retryable: boolean;
  readonly errors?: readonly FieldError[];
  readonly next: Next;
  readonly candidates?: readonly CandidateReason[];
  readonly retry_after?: number;
  readonly 'violated-policies'?: readonly string[];
  readonly explain?: string;
  readonly truncated?: boolean;
}

/** What an error may tell the caller beside its code. Everything here is public. */
export interface ProblemDetails {
  /** One sentence about this case; absent: the registry's help text. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly candidates?: readonly CandidateReason[];
  /** Seconds after which a repetition makes sense. */
  readonly retryAfterS?: number;
  readonly violatedPolicies?: readonly string[];
  /** Path where more is told of this refusal. */
  readonly explain?: string;
  /** Refines the registry's `next`. */
  readonly next?: Partial<Next>;
  /** Lists were cut on the way here. */
  readonly truncated?: boolean;
}

/** Types registered with IANA, used instead of our own page (draft-ietf-httpapi-ratelimit-headers-10, section 6). */
const registeredTypes: Partial<Record<ErrorCode, string>> = {
  quota_exceeded: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
  overloaded: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
};

/** The `type` member of a code's problems. */
export function problemTypeOf(code: ErrorCode): string {
  return registeredTypes[code] ?? `/docs/errors/${code}`;
}

/** The problem document of a code: registry text, refined by the details. `next` is always there. */
export function toProblem(code: ErrorCode, requestId: string, details: ProblemDetails = {}): Problem {
  const facts = factsOf(code);
  const firstField = details.errors?.[0]?.field;
  const firstVariable = details.candidates?.find((candidate) => candidate.variable)?.variable;
  return {
    type: problemTypeOf(code),
    title: facts.title,
    status: facts.status,
    detail: details.detail ?? facts.help,
    code,
    request_id: requestId,
    retryable: facts.retryable,
    ...(details.errors?.length ? { errors: details.errors } : {}),
    next: {
      action: facts.next,
      ...(facts.next === 'fix' && firstField ? { field: firstField } : {}),
      ...(facts.next === 'enable' && firstVariable ? { variable: firstVariable } : {}),
      ...(details.retryAfterS === undefined ? {} : { after_s: details.retryAfterS }),
      ...details.next,
    },
    ...(details.candidates?.length ? { candidates: details.candidates } : {}),
    ...(details.retryAfterS === undefined ? {} : { retry_after: details.retryAfterS }),
    ...(details.violatedPolicies?.length ? { 'violated-policies': details.violatedPolicies } : {}),
    ...(details.explain ? { explain: details.explain } : {}),
    ...(details.truncated ? { truncated: true } : {}),
  };
}

/** Largest problem that travels between services, bytes: a trailer above 64 KiB hangs an HTTP/2 connection. */
export const maxProblemBytes = 6 * 1024;

/** Cuts a problem to `maxBytes` of JSON: the longest list loses its end first, then the detail; says so in `truncated`. */
export function cutProblem(problem: Problem, maxBytes: number = maxProblemBytes): Problem {
  let cut = problem;
  const size = () => Buffer.byteLength(JSON.stringify(cut));
  const lists = ['errors', 'candidates', 'violated-policies'] as const;
  while (size() > maxBytes) {
    const [name] = [...lists].sort((a, b) => jsonLength(cut[b]) - jsonLength(cut[a]));
    const list = name ? cut[name] : undefined;
    if (name && list?.length && jsonLength(list) > 256) {
      cut = { ...cut, [name]: list.slice(0, Math.floor(list.length / 2)), truncated: true };
    } else if (cut.detail.length > 256) {
      cut = { ...cut, detail: cut.detail.slice(0, 256), truncated: true };
    } else {
      return { ...cut, errors: [], candidates: [], 'violated-policies': [], truncated: true };
    }
  }
  return cut;
}

function jsonLength(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
