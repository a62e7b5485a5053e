import { AppError } from '@universal-api/errors';
import {
  carriesRateLimitHeaders,
  joinRateLimitHeaders,
  toIpPartition,
  toRateLimitHeaders,
  type Decision,
  type RateCaller,
  type RateLimiter,
  type RatePolicies,
} from '@universal-api/limits';
import type { RequestHandler } from 'express';
import type { ApiCall } from '../api-call.ts';
import type { Caller } from '../caller.ts';

/** Parts of rate limiting. */
export interface RateParts {
  readonly limiter: RateLimiter;
  readonly policies: RatePolicies;
  /** From 0 up to 1; spreads the callers that were refused together. */
  readonly random: () => number;
  /** Whether somebody keeps what was refused, so that it can be looked up. */
  readonly isExplained: boolean;
}

/** Decides whether calls may go on, and notes the headers that say so. */
export interface RateGate {
  /**
   * Charges the address for a credential that is not known yet. `quota_exceeded` when it has none left; otherwise answers how
   * to give the charge back.
   */
  chargeAddress(call: ApiCall): Promise<() => Promise<void>>;
  /** One decision over all policies of a known caller. `quota_exceeded` when one refuses. */
  chargeCall(call: ApiCall, caller: Caller, cost: number): Promise<void>;
}

/** A gate over a limiter. */
export function createRateGate({ limiter, policies, random, isExplained }: RateParts): RateGate {
  const settle = (call: ApiCall, decision: Decision, cost: number, caller?: Caller): void => {
    const headers = toRateLimitHeaders([decision], random);
    if (headers) call.rateHeaders = { 'RateLimit-Policy': headers.policy, RateLimit: headers.limit };
    if (decision.admitted) return;
    call.refusals = refusalsOf(decision, cost);
    // What nobody can be shown to have done is nobody's to look up.
    const isTheirs = isExplained && caller !== undefined && caller.typ !== 'anonymous';
    throw new AppError('quota_exceeded', {
      retryAfterS: headers?.retryAfterS,
      violatedPolicies: decision.violated,
      ...(isTheirs && { explain: `/api/v1/limits/explain?request_id=${call.requestId}` }),
    });
  };
  return {
    async chargeAddress(call) {
      const charges = [policies.edgeCharge(toIpPartition(call.address))];
      const decision = await limiter.decide(charges);
      settle(call, decision, 1);
      return async () => {
        call.rateHeaders = undefined;
        await limiter.refund(charges, decision);
      };
    },
    async chargeCall(call, caller, cost) {
      const ip = toIpPartition(call.address);
      const charges = policies.policiesFor({
        caller: toRateCaller(caller, ip, call.limits),
        rateClass: call.route?.rules.rateClass ?? '',
        cost,
      });
      if (caller.typ === 'anonymous') charges.unshift(policies.edgeCharge(ip));
      if (charges.length > 0) settle(call, await limiter.decide(charges), cost, caller);
    },
  };
}

const usPerS = 1_000_000;

/** The policies that refused, as `request.completed` words them: what was asked, and how far the bucket was used, µs. */
function refusalsOf({ policies }: Decision, cost: number): string[] {
  const refused = policies.filter(({ wait }) => wait > 0);
  return refused.map(({ name, q, w, t, wait }) => {
    const unitUs = Math.ceil((w * usPerS) / q);
    return `${name} q=${q} w=${w} c=${cost} d=${Math.max(wait + (q - cost) * unitUs, 0)} t=${t}`;
  });
}

/**
 * Charges the call of an authenticated request. A method with `cost_field` is charged later, by the transcoder, when its message
 * is known.
 */
export function limitRate(gate: RateGate): RequestHandler {
  return async (request, _response, next) => {
    const { call } = request;
    if (call.caller && !call.route?.costField) await gate.chargeCall(call, call.caller, 1);
    next();
  };
}

/**
 * The rate headers of an answer with this status; none for 3xx, 401 and 403 (platform.md 2.4). A refusal by a service has policies of
 * its own, which it hands on in the `headers` of its error.
 */
export function rateHeadersFor(
  { rateHeaders }: ApiCall,
  status: number,
  { 'ratelimit-policy': policy, ratelimit: limit }: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> | undefined {
  if (!carriesRateLimitHeaders(status)) return undefined;
  if (policy === undefined || limit === undefined) return rateHeaders;
  const own = rateHeaders && { policy: rateHeaders['RateLimit-Policy'] ?? '', limit: rateHeaders['RateLimit'] ?? '' };
  const joined = own ? joinRateLimitHeaders({ policy, limit }, own) : { policy, limit };
  return { 'RateLimit-Policy': joined.policy, RateLimit: joined.limit };
}

function toRateCaller(caller: Caller, ip: string, limits: ApiCall['limits']): RateCaller {
  if (caller.typ === 'anonymous') return { kind: 'anonymous', ip };
  const { tid: tenantId, plan } = caller;
  if (caller.key !== undefined) return { kind: 'key', tenantId, lineageId: caller.key, ip, plan, limits };
  return { kind: 'user', tenantId, userId: caller.sub, ip, plan, limits };
}
