import { AppError } from '@universal-api/errors';
import type { RequestHandler, Router } from 'express';

/** Serves a path by GET and HEAD; every other verb is answered with 405 and `Allow`. */
export function onlyGet(router: Router, path: string, handler: RequestHandler): void {
  router
    .route(path)
    .get(handler)
    .all((_request, response, next) => {
      response.set('Allow', 'GET, HEAD');
      next(new AppError('method_not_allowed'));
    });
}
