import { toJson, type JsonObject, type JsonValue, type Message, type Registry } from '@universal-api/protos';
import type { UnaryAnswer } from '@universal-api/grpc';
import type { Request, Response } from 'express';
import { hash } from 'node:crypto';
import type { Provenance } from '../http/api-call.ts';
import { rateHeadersFor } from '../http/middleware/limit-rate.ts';
import type { Route } from './compile-route.ts';
import { toResponseHead } from './pass-metadata.ts';

/** Longest life of an answer that is less than was asked, seconds (capabilities.md 0.4). */
const degradedFreshS = 30;

/** Parts of writing. */
export interface WriteParts {
  readonly registry: Registry;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** A message as JSON of our surface: snake_case, fields without presence always, no null. */
export function toPublicJson(route: Route, message: Message, registry: Registry): JsonValue {
  const json = toJson(route.method.output, message, { alwaysEmitImplicit: true, useProtoFieldName: true, registry });
  const field = route.responseField;
  return field ? ((json as JsonObject)[field.name] ?? {}) : json;
}

/**
 * Answers a call as JSON: status, honoured headers, caching (style.md 4.6: look-ups `private, max-age`, weak ETag over the answer
 * without `meta`, 304 on `If-None-Match`; all else `no-store`), rate headers.
 */
export function writeUnary(request: Request, response: Response, answer: UnaryAnswer, parts: WriteParts): void {
  const { route } = request.call;
  if (!route) throw new Error('a call without a route');
  request.call.provenance = provenanceOf(answer.message);
  const head = toResponseHead(route, answer.headers);
  for (const [name, value] of head.headers) response.setHeader(name, value);
  const status = head.status ?? (route.rules.successStatus || 200);
  const json = toPublicJson(route, answer.message, parts.registry);
  const isLookup = route.freshS > 0 && status === 200;
  const text = isLookup ? textWithEtag(response, json) : JSON.stringify(json);
  if (isLookup) {
    response.vary('Accept-Language');
    // A service that knows how long its answer lives says so itself.
    if (!response.hasHeader('Cache-Control')) {
      response.setHeader('Cache-Control', `private, max-age=${freshFor(route, answer.message, parts.clock())}`);
    }
    if (isUnchanged(request, response)) return finish(request, response, 304);
  } else if (!response.hasHeader('Cache-Control')) {
    response.setHeader('Cache-Control', 'no-store');
  }
  finish(request, response, status, status === 204 ? undefined : text);
}

function finish(request: Request, response: Response, status: number, text?: string): void {
  const { call } = request;
  response.statusCode = status;
  const rates = rateHeadersFor(call, status);
  for (const name in rates) response.setHeader(name, rates[name] ?? '');
  if (text === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  // A text leaves in one write with the headers; bytes would be a second one.
  response.end(text);
}

/** The text of an answer; `meta` differs with every call, so the tag is of what stands before it. */
function textWithEtag(response: Response, json: JsonValue): string {
  // A `response_body` may be a list or a single value, which have no `meta` to leave out.
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const { meta, ...content } = isObject ? (json as JsonObject) : { meta: undefined };
  const text = JSON.stringify(isObject ? content : json);
  if (!response.hasHeader('ETag')) response.setHeader('ETag', `W/"${hash('sha1', text, 'base64url')}"`);
  if (meta === undefined) return text;
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"meta":${JSON.stringify(meta)}}`;
}

interface MetaLike {
  readonly provider: string;
  readonly cached: boolean;
  readonly asOf?: { readonly seconds: bigint };
  readonly degraded: readonly unknown[];
}

function provenanceOf(message: Message): Provenance | undefined {
  const { meta } = message as Message & { readonly meta?: MetaLike };
  return meta && { provider: meta.provider, isCached: meta.cached, isDegraded: meta.degraded.length > 0 };
}

/** Whole seconds for which an answer is still fresh: the rest of its class since the provider gave it. */
function freshFor(route: Route, message: Message, nowMs: number): number {
  const { meta } = message as Message & { readonly meta?: MetaLike };
  if (!meta) return route.freshS;
  const ageS = meta.asOf ? nowMs / 1_000 - Number(meta.asOf.seconds) : 0;
  const rest = Math.min(Math.max(Math.floor(route.freshS - ageS), 0), route.freshS);
  return meta.degraded.length > 0 ? Math.min(rest, degradedFreshS) : rest;
}

/** RFC 9110, 13.1.2: weak comparison. */
function isUnchanged(request: Request, response: Response): boolean {
  const asked = request.headers['if-none-match'];
  if (asked === undefined) return false;
  const tag = String(response.getHeader('ETag')).replace(/^W\//, '');
  return asked.split(',').some((entry) => entry.trim() === '*' || entry.trim().replace(/^W\//, '') === tag);
}
