import { httpRules, methodsOf, type Contract } from '@universal-api/protos';
import { Router } from 'express';
import { escapeHtml } from './escape-html.ts';
import { homeCalls, type HomeCall } from './home-calls.ts';
import { onlyGet } from './only-get.ts';
import { readAsset, readPageStyle, sendPage, toPage } from './page.ts';

/** What the home page says of this installation. */
export interface HomeFacts {
  /** What callers put before a path, such as `http://127.0.0.1:8000`. */
  readonly baseUrl: string;
  /** Whether calls without a credential are answered; if not, the curl lines carry a key. */
  readonly isAnonymousOpen: boolean;
}

/** What the page is made from. */
export interface HomeOptions {
  readonly contract: Contract;
  readonly version: string;
  readonly startedAt: Date;
  readonly homeFacts: HomeFacts;
}

/** GET `/`: what is running and a few calls to try, without login. Health and answers are fetched by the page itself. */
export function serveHome(options: HomeOptions): Router {
  const page = toPage({
    title: 'Universal API',
    style: readPageStyle(),
    script: readAsset('home.js'),
    body: toBody(options),
  });
  const router = Router();
  onlyGet(router, '/', (_request, response) => sendPage(response, page, 'no-cache'));
  return router;
}

function toBody({ contract, version, startedAt, homeFacts }: HomeOptions): string {
  const operations = methodsOf(contract).filter((method) => httpRules(method).length > 0).length;
  return `<main class="home" data-open="${homeFacts.isAnonymousOpen}">
<section class="hero">
<h1>Ask once. The best source answers.</h1>
<p>One API in front of many providers. Every answer says who gave it, how fresh it is and what is missing.</p>
<p class="pill" id="health" role="status"><span class="dot"></span><span>Asking how it is…</span></p>
</section>
<section class="try" aria-label="Try it">
<ol class="calls">
${homeCalls.map((call) => toCard(call, homeFacts)).join('\n')}
</ol>
<div class="answer" id="answer" aria-live="polite"><p class="wait">${invitation(homeFacts)}</p></div>
</section>
<section class="running" aria-label="What is running">
<h2>What is running</h2>
<ul class="parts" id="parts"></ul>
<dl class="facts">
<div><dt>Version</dt><dd>${escapeHtml(version)}</dd></div>
<div><dt>Operations</dt><dd>${escapeHtml(operations)}</dd></div>
<div><dt>Started</dt><dd><time datetime="${startedAt.toISOString()}">${escapeHtml(toMinute(startedAt))}</time></dd></div>
</dl>
</section>
</main>`;
}

function invitation({ isAnonymousOpen }: HomeFacts): string {
  return isAnonymousOpen
    ? 'Choose a call to see its answer here.'
    : 'Calls need an API key here. The lines beside read it from <code>$UAPI_KEY</code>.';
}

function toCard({ title, kind, path }: HomeCall, facts: HomeFacts): string {
  const key = facts.isAnonymousOpen ? '' : ` -H "Authorization: Bearer $UAPI_KEY"`;
  const line = `curl -s${key} '${facts.baseUrl}${path}'`;
  return `<li class="call" data-kind="${kind}">
<h3><button class="pick" type="button" aria-pressed="false">${escapeHtml(title)}</button></h3>
<div class="line"><code tabindex="0">${escapeHtml(line)}</code><button class="copy" type="button" aria-label="Copy the curl line: ${escapeHtml(title)}">Copy</button></div>
<a class="raw" href="${escapeHtml(path)}">${escapeHtml(path)}</a>
</li>`;
}

function toMinute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
