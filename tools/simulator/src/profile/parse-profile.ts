import type { FaultKind, Profile, SimulatedQuota } from './profile.ts';

const number = '\\d+(?:\\.\\d+)?';
const shapes = {
  latency: new RegExp(`^(${number}),(${number})$`),
  stall: new RegExp(`^(${number}),(${number})$`),
  quota: /^(\d+)\/(\d*)(s|m|h|d)$/,
  fault: new RegExp(`^(rate-limited|server-error|unauthorised|malformed|timeout|notice-[a-z0-9-]+),(${number})$`),
} as const;
const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** No upstream waits longer, ms. */
const longestMs = 600_000;
/** Probabilities are written with few digits; their sum may miss 1 by this. */
const rounding = 1e-9;

/** A profile as it is put together, before it is handed out. */
interface Draft {
  latency?: Profile['latency'];
  stall?: Profile['stall'];
  quotas: SimulatedQuota[];
  faults: { kind: FaultKind; probability: number }[];
}

/**
 * Reads a profile: parts separated by spaces, in any order; an empty text changes nothing.
 *
 *     latency(p50,p90)   ms, 0 < p50 ≤ p90, or both 0; once
 *     stall(p,ms)        with probability p the answer comes ms later; once
 *     quota(n/window)    n answers in each window, such as 1/s, 600/1m, 100/31d; several
 *     fault(kind,p)      rate-limited, server-error, unauthorised, malformed, timeout or notice-<which>; several, once each
 *
 * Errors: `Error`, a sentence that quotes the part.
 */
export function parseProfile(text: string): Profile {
  const draft: Draft = { quotas: [], faults: [] };
  for (const part of text.trim().split(/\s+/).filter(Boolean)) readPart(part, draft);
  const sum = draft.faults.reduce((total, { probability }) => total + probability, 0);
  if (sum > 1 + rounding) throw new Error('the probabilities of all faults must not exceed 1 together');
  return draft;
}

function readPart(part: string, draft: Draft): void {
  const [, verb = '', inner = ''] = /^([a-z]+)\((.*)\)$/.exec(part) ?? [];
  const shape = Object.hasOwn(shapes, verb) ? shapes[verb as keyof typeof shapes] : undefined;
  const [, first = '', second = '', unit = ''] = shape?.exec(inner) ?? [];
  if (!shape || first === '')
    throw refusal(part, 'is not latency(p50,p90), stall(p,ms), quota(n/window) or fault(kind,p)');
  if (verb === 'latency') readLatency(part, Number(first), Number(second), draft);
  else if (verb === 'stall') readStall(part, Number(first), Number(second), draft);
  else if (verb === 'quota') readQuota(part, Number(first), Number(second || 1) * (secondsOf[unit] ?? 0), draft);
  else readFault(part, first as FaultKind, Number(second), draft);
}

function readLatency(part: string, p50Ms: number, p90Ms: number, draft: Draft): void {
  if (draft.latency) throw refusal(part, 'stands twice');
  if (p90Ms < p50Ms || (p50Ms === 0 && p90Ms > 0) || p90Ms > longestMs) {
    throw refusal(part, `needs 0 < p50 <= p90 <= ${longestMs}, or both 0`);
  }
  draft.latency = { p50Ms, p90Ms };
}

function readStall(part: string, probability: number, ms: number, draft: Draft): void {
  if (draft.stall) throw refusal(part, 'stands twice');
  if (probability > 1 || ms > longestMs)
    throw refusal(part, `needs a probability of 0 to 1 and at most ${longestMs} ms`);
  draft.stall = { probability, ms };
}

function readQuota(part: string, limit: number, windowS: number, draft: Draft): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || !Number.isSafeInteger(windowS) || windowS < 1) {
    throw refusal(part, 'needs a limit and a window above 0');
  }
  draft.quotas.push({ limit, windowS });
}

function readFault(part: string, kind: FaultKind, probability: number, draft: Draft): void {
  if (draft.faults.some((fault) => fault.kind === kind)) throw refusal(part, 'has a kind that stands twice');
  if (probability > 1) throw refusal(part, 'needs a probability of 0 to 1');
  draft.faults.push({ kind, probability });
}

function refusal(part: string, why: string): Error {
  return new Error(`${JSON.stringify(part)} ${why}`);
}
