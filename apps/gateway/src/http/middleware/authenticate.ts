import { AppError } from '@universal-api/errors';
import { hasCredentialInUrl, readCredential } from '@universal-api/principal';
import { Access } from '@universal-api/protos';
import type { KnownCaller, KnownKeys, KnownTokens, PresentedKey } from '@universal-api/service';
import type { Request, RequestHandler } from 'express';
import { headerLines, type ApiCall } from '../api-call.ts';
import { anonymousCaller, publicCaller } from '../caller.ts';
import type { RateGate } from './limit-rate.ts';

/** Parts of authentication. */
export interface AuthenticateParts {
  readonly keys: KnownKeys;
  readonly tokens: KnownTokens;
  readonly gate: RateGate;
  /** Whether calls without a credential are served where a method allows it. */
  readonly anonymousAccess: boolean;
}

/**
 * Says who calls (platform.md 1.4): shape and checksum, then the cache, then the address is charged, then the service `auth` is
 * asked, or an access token verified; the charge is given back when the credential is good. Public methods read no credential, and
 * take none in the URL.
 *
 * Errors: `unauthenticated` (none given), `invalid_token`, `multiple_credentials`, `credential_in_url`, `quota_exceeded` (too
 * many unknown credentials from one address), `service_unavailable`. A malformed key costs no I/O and no charge.
 */
export function authenticate(parts: AuthenticateParts): RequestHandler {
  return (request, _response, next) => {
    const known = identify(request, parts);
    if (!(known instanceof Promise)) {
      admit(request.call, known);
      return next();
    }
    // What is remembered, which is nearly every call, does not wait for a turn.
    return known.then((found) => {
      admit(request.call, found);
      next();
    });
  };
}

function admit(call: ApiCall, { caller, limits }: KnownCaller): void {
  call.caller = caller;
  if (limits) call.limits = limits;
}

const nobody: KnownCaller = { caller: anonymousCaller };
const anybody: KnownCaller = { caller: publicCaller };

function identify(request: Request, parts: AuthenticateParts): KnownCaller | Promise<KnownCaller> {
  const { call } = request;
  const { route } = call;
  if (!route) return anybody;
  if (route.isPublic) {
    if (hasCredentialInUrl(request.url)) throw new AppError('credential_in_url');
    return anybody;
  }
  const credential = readCredential({
    authorization: headerLines(request, 'authorization'),
    apiKey: headerLines(request, 'x-api-key'),
    url: request.url,
  });
  if (credential.kind === 'refused') throw new AppError(credential.code);
  if (credential.kind === 'api_key') return holderOf(credential, call, parts);
  if (credential.kind === 'token') {
    const { text } = credential;
    return parts.tokens.peek(text) ?? atCharge(call, parts.gate, () => parts.tokens.find(text));
  }
  if (route.rules.access !== Access.ANONYMOUS || !parts.anonymousAccess) throw new AppError('unauthenticated');
  return nobody;
}

function holderOf(key: PresentedKey, call: ApiCall, parts: AuthenticateParts): KnownCaller | Promise<KnownCaller> {
  const known = parts.keys.peek(key, call.address);
  return known ?? atCharge(call, parts.gate, () => (known === null ? null : parts.keys.find(key, call.address)));
}

/** Looks a credential up at the cost of its address, which gets the charge back when the credential is good. */
async function atCharge(
  call: ApiCall,
  gate: RateGate,
  find: () => Promise<KnownCaller | null> | null,
): Promise<KnownCaller> {
  const giveBack = await gate.chargeAddress(call);
  try {
    const known = await find();
    if (!known) throw new AppError('invalid_token');
    await giveBack();
    return known;
  } catch (error) {
    // Nobody could say: the caller did nothing wrong, and must not run into 429 while a part of ours is away.
    if (AppError.is(error) && error.code === 'service_unavailable') await giveBack();
    throw error;
  }
}
