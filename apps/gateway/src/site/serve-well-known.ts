import { scopes } from '@universal-api/principal';
import { Router } from 'express';
import { onlyGet } from './only-get.ts';

/** The public keys of the installation, and who signs with them. */
interface Jwks {
  readonly jwksJson: string;
  readonly issuer: string;
}

/** What the documents are made from. */
export interface WellKnownOptions {
  /** What callers put before a path. */
  readonly baseUrl: string;
  /** Asks the service `auth`. */
  readonly fetchJwks: () => Promise<Jwks>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Whom nobody could reach, strangers cannot have asked for either: one question for all, so often, ms. */
const askedEveryMs = 10_000;
const publicFor = 'public, max-age=600';

/**
 * The documents under `/.well-known` (platform.md 1.7): `jwks.json` (RFC 7517), `oauth-authorization-server` (RFC 8414, without
 * an authorisation endpoint, since there is none) and `oauth-protected-resource` (RFC 9728, also `…/mcp`).
 * Errors: those of the service `auth` while no keys were ever had.
 */
export function serveWellKnown({ baseUrl, fetchJwks, now }: WellKnownOptions): Router {
  const jwks = keepJwks(fetchJwks, now);
  const router = Router();
  const send = (path: string, body: () => Promise<string> | string) =>
    onlyGet(router, `/.well-known/${path}`, (_request, response, next) => {
      Promise.resolve()
        .then(body)
        .then((text) => response.set('Cache-Control', publicFor).type('json').send(text))
        .catch(next);
    });
  send('jwks.json', async () => (await jwks()).jwksJson);
  send('oauth-authorization-server', async () => JSON.stringify(toServerMetadata((await jwks()).issuer, baseUrl)));
  for (const resource of ['', '/mcp']) {
    send(`oauth-protected-resource${resource}`, () => JSON.stringify(toResourceMetadata(`${baseUrl}${resource}`)));
  }
  return router;
}

/** The keys as they were had last; while they cannot be had anew the last ones are still theirs. */
function keepJwks(fetchJwks: () => Promise<Jwks>, now: () => number): () => Promise<Jwks> {
  let known: Jwks | undefined;
  let askedAt = -Infinity;
  let underWay: Promise<Jwks> | undefined;
  const ask = () =>
    fetchJwks()
      .then((fetched) => (known = fetched))
      .catch((error: unknown) => {
        if (!known) throw error;
        return known;
      })
      .finally(() => (underWay = undefined));
  return () => {
    if (known && now() - askedAt < askedEveryMs) return Promise.resolve(known);
    if (underWay) return underWay;
    askedAt = now();
    return (underWay = ask());
  };
}

function toServerMetadata(issuer: string, baseUrl: string): object {
  return {
    issuer,
    jwks_uri: `${baseUrl}/.well-known/jwks.json`,
    token_endpoint: `${baseUrl}/api/v1/auth/refresh`,
    introspection_endpoint: `${baseUrl}/api/v1/auth/introspect`,
    // Left out, both would claim what we do not have (RFC 8414, section 2).
    grant_types_supported: ['refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    scopes_supported: scopes,
  };
}

function toResourceMetadata(resource: string): object {
  return { resource, scopes_supported: scopes, bearer_methods_supported: ['header'] };
}
