import { Router } from 'express';
import { createHash } from 'node:crypto';
import { onlyGet } from './only-get.ts';

/** GET `/openapi.json`: the document as bytes made once, with a validator over them. */
export function serveOpenApi(document: object): Router {
  const bytes = Buffer.from(JSON.stringify(document));
  // Weak, since the same document also leaves compressed.
  const etag = `W/"${createHash('sha256').update(bytes).digest('base64url')}"`;
  const router = Router();
  onlyGet(router, '/openapi.json', (_request, response) => {
    response.set({ ETag: etag, 'Cache-Control': 'public, max-age=300' }).type('json').send(bytes);
  });
  return router;
}
