import { AppError } from '@universal-api/errors';
import type { RequestHandler } from 'express';
import type { ApiRoutes } from '../../transcode/register-routes.ts';

/** Longest URL, characters. */
export const maxUrlCharacters = 8_192;

/**
 * Finds the route of a request. Everything that reaches this stage belongs to the API or to nobody.
 * Errors: `uri_too_long`, `route_not_found`, `method_not_allowed` (with `Allow`), `invalid_request` for a malformed escape.
 */
export function findRoute(routes: ApiRoutes): RequestHandler {
  return (request, response, next) => {
    const { call } = request;
    const url = request.url.startsWith('/') ? request.url : toOriginForm(request.url);
    call.isApi = url.startsWith('/api/');
    if (url.length > maxUrlCharacters)
      throw new AppError('uri_too_long', { detail: `At most ${maxUrlCharacters} characters.` });
    const queryAt = url.indexOf('?');
    const match = routes.find(request.method, queryAt < 0 ? url : url.slice(0, queryAt));
    if (!match || match.kind === 'absent') throw new AppError('route_not_found');
    if (match.kind === 'wrong_verb') {
      response.setHeader('Allow', match.allowed.join(', '));
      throw new AppError('method_not_allowed', { detail: `This path takes ${match.allowed.join(', ')}.` });
    }
    call.route = match.target;
    call.segments = match.segments;
    if (queryAt >= 0) call.query = url.slice(queryAt + 1);
    next();
  };
}

/** The path of an absolute URL, which a server has to accept (RFC 9112, 3.2.2); anything else leads nowhere. */
function toOriginForm(target: string): string {
  const [, path] = /^https?:\/\/[^/?]*(\/.*)$/i.exec(target) ?? [];
  return path ?? '/';
}
