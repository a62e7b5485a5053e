import type { Response } from 'express';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeHtml } from './escape-html.ts';

/** What one page says; `body`, `style` and `script` are written by us, never by a caller. */
export interface PageParts {
  readonly title: string;
  readonly body: string;
  /** Inline CSS, allowed by its hash. */
  readonly style: string;
  /** Inline JavaScript, allowed by its hash. */
  readonly script?: string;
}

/** A page ready to be sent: its HTML, and the only policy under which it works. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** CSS of every page but the reference, which brings most of its own. */
export function readPageStyle(): string {
  return readAsset('site.css') + readAsset('pages.css');
}

/** Text of a file that the pages are made of, by name. */
export function readAsset(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

/** A whole HTML document under a policy that lets nothing in but its own style and script, by hash. */
export function toPage({ title, body, style, script }: PageParts): Page {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style>${style}</style>
</head>
<body>
${siteHeader}
${body}
${script ? `<script>${script}</script>` : ''}
</body>
</html>
`;
  return { html, policy: policyOf({ style: hashOf(style), script: script ? hashOf(script) : "'none'" }) };
}

/** A policy for a page: nothing from elsewhere, no frames, no forms; style and script from the sources given. */
export function policyOf(sources: { readonly style: string; readonly script: string }): string {
  return [
    "default-src 'none'",
    `style-src ${sources.style}`,
    `script-src ${sources.script}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sends a page under its own policy, in place of the strict one that every other answer has. */
export function sendPage(response: Response, page: Page, cacheControl: string): void {
  response.set({ 'Content-Security-Policy': page.policy, 'Cache-Control': cacheControl });
  response.type('html').send(page.html);
}

/** Links that every page begins with. */
export const siteHeader = `<header class="top">
<a class="brand" href="/"><img src="/favicon.svg" alt="" width="26" height="26">Universal API</a>
<nav aria-label="Site"><a href="/docs">Reference</a><a href="/docs/errors">Errors</a><a href="/openapi.json">OpenAPI</a><a href="/api/health">Health</a></nav>
</header>`;

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
