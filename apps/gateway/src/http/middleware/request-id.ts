import type { RequestHandler } from 'express';
import type { ClientAddresses } from '../client-address.ts';

const shape = /^[A-Za-z0-9._-]{8,64}$/;

/** Parts of the first stage. */
export interface RequestIdParts {
  readonly newId: () => string;
  readonly clock: () => number;
  readonly addresses: ClientAddresses;
}

/**
 * First of all: gives the request its ids, a new UUIDv7 of ours and the one it is known by: the caller's `X-Request-ID` when it
 * is well-formed (8–64 of `A-Za-z0-9._-`), else ours. Echoes it, and opens the record that later stages fill.
 */
export function requestId({ newId, clock, addresses }: RequestIdParts): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const callId = newId();
    const id = typeof given === 'string' && shape.test(given) ? given : callId;
    const forwarded = request.headers['x-forwarded-for'];
    request.call = {
      requestId: id,
      callId,
      receivedAt: clock(),
      address: addresses.of(request.socket.remoteAddress, typeof forwarded === 'string' ? forwarded : undefined),
      query: '',
    };
    response.setHeader('X-Request-ID', id);
    next();
  };
}
