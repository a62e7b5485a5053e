import { AppError } from '@universal-api/errors';
import { readCredential } from '@universal-api/principal';
import { Access } from '@universal-api/protos';
import type { Request, RequestHandler } from 'express';
import { headerLines, type ApiCall } from '../api-call.ts';
import { anonymousCaller, publicCaller, type Caller } from '../caller.ts';
import type { KnownKeys, PresentedKey } from '../known-keys.ts';
import type { RateGate } from './limit-rate.ts';

/** Parts of authentication. */
export interface AuthenticateParts {
  readonly keys: KnownKeys;
  readonly gate: RateGate;
  /** Whether calls without a credential are served where a method allows it. */
  readonly anonymousAccess: boolean;
}

/**
 * Says who calls (platform.md 1.4): shape and checksum, then the cache, then the address is charged, then the service `auth` is
 * asked; the charge is given back when the key is good. Public methods read no credential.
 *
 * Errors: `unauthenticated` (none given), `invalid_token`, `multiple_credentials`, `credential_in_url`, `quota_exceeded` (too
 * many unknown keys from one address), `service_unavailable`. A malformed key costs no I/O and no charge.
 */
export function authenticate(parts: AuthenticateParts): RequestHandler {
  return async (request, _response, next) => {
    request.call.caller = await identify(request, parts);
    next();
  };
}

async function identify(request: Request, parts: AuthenticateParts): Promise<Caller> {
  const { route } = request.call;
  if (!route || route.isPublic) return publicCaller;
  const credential = readCredential({
    authorization: headerLines(request, 'authorization'),
    apiKey: headerLines(request, 'x-api-key'),
    url: request.url,
  });
  if (credential.kind === 'refused') throw new AppError(credential.code);
  if (credential.kind === 'api_key') return holderOf(credential, request.call, parts);
  if (route.rules.access !== Access.ANONYMOUS || !parts.anonymousAccess) throw new AppError('unauthenticated');
  return anonymousCaller;
}

async function holderOf(key: PresentedKey, call: ApiCall, { keys, gate }: AuthenticateParts): Promise<Caller> {
  const known = keys.peek(key);
  if (known) return known;
  const giveBack = await gate.chargeAddress(call);
  if (known === null) throw new AppError('invalid_token');
  try {
    const caller = await keys.find(key);
    if (!caller) throw new AppError('invalid_token');
    await giveBack();
    return caller;
  } catch (error) {
    // Nobody could say: the caller did nothing wrong, and must not run into 429 while a part of ours is away.
    if (AppError.is(error) && error.code === 'service_unavailable') await giveBack();
    throw error;
  }
}
