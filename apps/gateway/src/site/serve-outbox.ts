import { Router } from 'express';
import { onlyGet } from './only-get.ts';
import { readAsset, readPageStyle, sendPage, toPage } from './page.ts';

/**
 * GET `/outbox`: the mails that wait for a sender, with their links. The page itself knows nothing: it asks for a key with
 * `platform:write`, keeps it in memory alone, and calls GET `/api/v1/mail-outbox` with it.
 */
export function serveOutbox(): Router {
  const page = toPage({
    title: 'Outbox · Universal API',
    style: readPageStyle() + readAsset('outbox.css'),
    script: readAsset('outbox.js'),
    body: `<main class="text">
<h1>Outbox</h1>
<p>No sender of mail is set up, so nothing has been sent. What waits is shown here to the operator.</p>
<div class="ask">
<label for="key">API key with <code>platform:write</code></label>
<input id="key" type="password" autocomplete="off" spellcheck="false">
<button id="show" type="button">Show what waits</button>
</div>
<p id="state" role="status"></p>
<ul id="mails" class="mails"></ul>
</main>`,
  });
  const router = Router();
  onlyGet(router, '/outbox', (_request, response) => sendPage(response, page, 'no-store'));
  return router;
}
