import { AppError, errorCodes, factsOf, isErrorCode, toProblem, type ErrorCode } from '@universal-api/errors';
import { Router } from 'express';
import { escapeHtml } from './escape-html.ts';
import { onlyGet } from './only-get.ts';
import { readPageStyle, sendPage, toPage } from './page.ts';

const cacheControl = 'public, max-age=300';

const actions = {
  fix: 'Change the request; the same one will be refused again.',
  retry: 'Send the same call again.',
  wait: 'Wait as long as <code>Retry-After</code> says, then send it again.',
  enable: 'The operator can enable what is missing.',
  use_other: 'Another operation may serve.',
} as const;

/** GET `/docs/errors` and `/docs/errors/<code>`: the pages that the `type` of a problem names, from the registry. */
export function serveErrors(): Router {
  const style = readPageStyle();
  const router = Router();
  onlyGet(router, '/docs/errors', (_request, response) => {
    sendPage(response, toPage({ title: 'Errors · Universal API', style, body: toList() }), cacheControl);
  });
  onlyGet(router, '/docs/errors/:code', (request, response, next) => {
    const code = String(request.params['code']);
    if (!isErrorCode(code)) return next(new AppError('route_not_found'));
    sendPage(response, toPage({ title: `${code} · Universal API`, style, body: toCodePage(code) }), cacheControl);
  });
  return router;
}

function toList(): string {
  const codes = (Object.keys(errorCodes) as ErrorCode[]).toSorted((a, b) => factsOf(a).status - factsOf(b).status);
  return `<main class="text">
<h1>Errors</h1>
<p>Every refusal and failure is a problem document (RFC 9457). Decide by its <code>code</code>; <code>next</code> says what to do.</p>
<ul class="codes">
${codes.map(toRow).join('\n')}
</ul>
</main>`;
}

function toRow(code: ErrorCode): string {
  const { status, help } = factsOf(code);
  return `<li><span class="status s${Math.floor(status / 100)}">${escapeHtml(status)}</span><div><a href="/docs/errors/${escapeHtml(code)}"><code>${escapeHtml(code)}</code></a><p>${inline(help)}</p></div></li>`;
}

function toCodePage(code: ErrorCode): string {
  const { status, title, help, retryable, next } = factsOf(code);
  const example = JSON.stringify(toProblem(code, '018f3f6e-7a52-7cc1-9d0a-5b8f1f0c2d11'), null, 2);
  return `<main class="text">
<p><a href="/docs/errors">All errors</a></p>
<h1>${escapeHtml(title)}</h1>
<p class="marks"><span class="status s${Math.floor(status / 100)}">${escapeHtml(status)}</span><code>${escapeHtml(code)}</code></p>
<p>${inline(help)}</p>
<dl class="facts">
<div><dt>What to do</dt><dd>${actions[next]}</dd></div>
<div><dt>May the same call succeed later?</dt><dd>${retryable ? 'Yes' : 'No'}</dd></div>
</dl>
<h2>As it is sent</h2>
<pre tabindex="0"><code>${escapeHtml(example)}</code></pre>
</main>`;
}

/** Escaped text in which words between backticks are code. */
function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
