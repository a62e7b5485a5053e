import { AppError } from '@universal-api/errors';
import { Router } from 'express';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onlyGet } from './only-get.ts';
import { policyOf, sendPage, siteHeader, type Page } from './page.ts';

const page: Page = {
  html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Reference · Universal API</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/assets/site.css">
</head>
<body class="reference">
${siteHeader}
<main id="swagger-ui"><noscript>The reference needs JavaScript; <a href="/openapi.json">the document itself</a> does not.</noscript></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/docs.js"></script>
</body>
</html>
`,
  policy: policyOf({ style: "'self'", script: "'self'" }),
};

/** GET `/docs`: the interactive reference (swagger-ui-dist) over `/openapi.json`, and the files that it needs. */
export function serveDocs(): Router {
  const files = assetFiles();
  const router = Router();
  onlyGet(router, '/docs', (_request, response) => sendPage(response, page, 'public, max-age=300'));
  onlyGet(router, '/docs/assets/:name', (request, response, next) => {
    const file = files.get(String(request.params['name']));
    if (!file) return next(new AppError('route_not_found'));
    response.set('Cache-Control', 'public, max-age=300').type(file.type).send(file.bytes);
  });
  return router;
}

/** A file of the reference, read once: it never changes while we run, and a part of it is of no use to anybody. */
interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
}

function assetFiles(): ReadonlyMap<string, Asset> {
  // Found by its manifest: the package's entry would load the whole bundle into this process.
  const vendor = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const own = fileURLToPath(new URL('./assets/', import.meta.url));
  const read = (folder: string, name: string) =>
    [name, { bytes: readFileSync(join(folder, name)), type: extname(name) }] as const;
  return new Map([
    ...['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => read(vendor, name)),
    ...['site.css', 'docs.js'].map((name) => read(own, name)),
  ]);
}
