import { AppError, toProblem } from '@universal-api/errors';
import { loadExamples, toOpenApi } from '@universal-api/openapi';
import { productContract } from '@universal-api/protos';
import express, { type NextFunction, type Request, type Response as Answer } from 'express';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSite, type SiteOptions } from '../create-site.ts';

/** The policy that every answer has unless a page brings its own. */
export const strictPolicy = "default-src 'none'; frame-ancestors 'none'";

export const contract = productContract();
export const openapi = toOpenApi(contract, {
  title: 'Universal API',
  version: '0.1.0',
  serverUrl: '/api/v1',
  examples: loadExamples(),
});

/** A site on a free port, below the strict policy and above a problem writer, as the gateway has them. */
export async function openSite(options: Partial<SiteOptions> = {}) {
  const app = express();
  app.use((_request, response, next) => {
    response.set('Content-Security-Policy', strictPolicy);
    next();
  });
  app.use(
    createSite({
      contract,
      openapi,
      version: '0.1.0',
      build: 'abc1234',
      startedAt: new Date('2026-01-02T03:04:05Z'),
      now: () => new Date('2026-01-02T03:05:00Z'),
      parts: () => ({}),
      isReady: () => true,
      wellKnown: {
        baseUrl: 'http://127.0.0.1:8000',
        fetchJwks: async () => ({ jwksJson: '{"keys":[]}', issuer: 'http://127.0.0.1:8000' }),
        now: Date.now,
      },
      hasOutbox: false,
      homeFacts: { baseUrl: 'http://127.0.0.1:8000', isAnonymousOpen: true },
      ...options,
    }),
  );
  app.use((thrown: unknown, _request: Request, response: Answer, _next: NextFunction) => {
    const problem = toProblem(AppError.from(thrown).code, 'test');
    response.status(problem.status).type('application/problem+json').json(problem);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    get: (path: string, init?: RequestInit): Promise<Response> => fetch(base + path, init),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Headers of a caller who holds an answer and asks whether it still holds; without the second, fetch asks for a new one. */
export function holding(response: Response): Record<string, string> {
  return { 'If-None-Match': response.headers.get('etag') ?? '', 'Cache-Control': 'max-age=0' };
}

/** What a page has that its policy forbids, in words; empty when it works under it. */
export function blockedBy(policy: string, html: string): string[] {
  const directives = new Map(policy.split('; ').map((text) => [text.split(' ')[0], text.split(' ').slice(1)]));
  const isAllowed = (directive: string, source: string) => directives.get(directive)?.includes(source) ?? false;
  const complaints: string[] = [];
  for (const [, tag = '', attributes = '', text = ''] of html.matchAll(/<(style|script)([^>]*)>([\s\S]*?)<\/\1>/g)) {
    const hash = `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const source = attributes.includes(' src=') ? "'self'" : hash;
    if (!isAllowed(`${tag}-src`, source)) complaints.push(`<${tag}${attributes}>`);
  }
  const markup = html.replace(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '');
  for (const [text] of markup.matchAll(/<[^>]*\s(?:style|on[a-z]+)=[^>]*>/g)) complaints.push(text);
  for (const [text] of html.matchAll(/<(?:link|img|script)[^>]*(?:src|href)="(?!\/)[^>]*>/g)) complaints.push(text);
  if (/<link[^>]*stylesheet/.test(html) && !isAllowed('style-src', "'self'")) complaints.push('stylesheet');
  if (!isAllowed('default-src', "'none'") || !isAllowed('frame-ancestors', "'none'")) complaints.push('too open');
  if (policy.includes('unsafe')) complaints.push('unsafe');
  return complaints;
}
