import { Router } from 'express';
import { onlyGet } from './only-get.ts';
import { readAsset } from './page.ts';
import { serveDocs } from './serve-docs.ts';
import { serveErrors } from './serve-errors.ts';
import { serveHealth, type HealthOptions } from './serve-health.ts';
import { serveHome, type HomeOptions } from './serve-home.ts';
import { serveOpenApi } from './serve-openapi.ts';
import { serveOutbox } from './serve-outbox.ts';
import { serveWellKnown, type WellKnownOptions } from './serve-well-known.ts';

/** Everything that the pages of an installation are made from. */
export interface SiteOptions extends HomeOptions, HealthOptions {
  /** The OpenAPI document of the contract. */
  readonly openapi: object;
  readonly wellKnown: WellKnownOptions;
  /** Whether mails that wait are shown: only where the whole product is one process. */
  readonly hasOutbox: boolean;
}

/** The pages: `/`, `/openapi.json`, `/docs`, `/docs/errors`, `/api/health`, `/.well-known`, `/outbox` and the icon. Reads its files once, here. */
export function createSite(options: SiteOptions): Router {
  const pages = Router();
  pages.use(serveHome(options), serveOpenApi(options.openapi), serveDocs(), serveErrors(), serveHealth(options));
  pages.use(serveWellKnown(options.wellKnown));
  if (options.hasOutbox) pages.use(serveOutbox());
  serveIcon(pages);
  const router = Router();
  // Calls of the API, which are nearly all there is, do not pay for a look at each page's path.
  router.use((request, response, next) => (isApiCall(request.url) ? next() : pages(request, response, next)));
  return router;
}

function isApiCall(url: string): boolean {
  return url.startsWith('/api/') && !url.startsWith('/api/health');
}

function serveIcon(router: Router): void {
  const icon = readAsset('favicon.svg');
  // Browsers ask for the second when they show an answer that is no page.
  for (const path of ['/favicon.svg', '/favicon.ico']) {
    onlyGet(router, path, (_request, response) => {
      response.set('Cache-Control', 'public, max-age=86400').type('image/svg+xml').send(icon);
    });
  }
}
