import { AppError } from '@universal-api/errors';
import type { Logger } from '@universal-api/logging';
import type { PrincipalMinter } from '@universal-api/principal';
import type { Contract } from '@universal-api/protos';
import type { KnownKeys, KnownTokens } from '@universal-api/service';
import compression from 'compression';
import cors from 'cors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import { registerRoutes, type ApiRoutes } from '../transcode/register-routes.ts';
import { serveRoute } from '../transcode/serve-route.ts';
import { createServiceClients, type Channels } from '../upstream/service-clients.ts';
import { createAdmission, type Admission } from './admission.ts';
import { browserHeaders } from './browser-headers.ts';
import type { ClientAddresses } from './client-address.ts';
import { authenticate } from './middleware/authenticate.ts';
import { findRoute } from './middleware/find-route.ts';
import { createRateGate, limitRate, type RateGate, type RateParts } from './middleware/limit-rate.ts';
import { recordRequest, type OnFinishedRequest } from './middleware/record-request.ts';
import { requestId } from './middleware/request-id.ts';
import { writeProblem } from './write-problem.ts';

/** What can be set about the gateway; defaults are those of platform.md 7. */
export interface AppSettings {
  /** Whether callers reach the product by HTTPS (`PUBLIC_BASE_URL`); HSTS is sent only then. */
  readonly isHttps: boolean;
  /** Exact origins; empty: same origin only. */
  readonly corsOrigins: readonly string[];
  readonly anonymousAccess: boolean;
  readonly deadlineMs: number;
  readonly streamDeadlineMs: number;
  readonly keepAliveMs: number;
  readonly maxInFlight: number;
  readonly shedReserved: number;
}

/** Defaults of everything that has one. */
export const defaultAppSettings: AppSettings = {
  isHttps: false,
  corsOrigins: [],
  anonymousAccess: false,
  deadlineMs: 10_000,
  streamDeadlineMs: 3_600_000,
  keepAliveMs: 15_000,
  maxInFlight: 200,
  shedReserved: 0.2,
};

/** What the gateway is made of. */
export interface AppParts {
  readonly contract: Contract;
  readonly channels: Channels;
  readonly principals: PrincipalMinter;
  readonly keys: KnownKeys;
  readonly tokens: KnownTokens;
  readonly rates: RateParts;
  readonly addresses: ClientAddresses;
  /** Routes of the site, before those of the API: `/`, `/docs`, `/openapi.json`, `/api/health`. No rate policies. */
  readonly site: readonly Router[];
  readonly log: Logger;
  readonly onFinished: OnFinishedRequest;
  readonly newId: () => string;
  /** ms since the epoch. */
  readonly clock: () => number;
  /** Aborted when the gateway stops (`HttpServer.stop`): streams end, connections are not kept. */
  readonly draining: AbortSignal;
  /** Whether the process is strained: then only critical calls get in. */
  readonly isStrained?: () => boolean;
}

/** The application, and what it serves. */
export interface App {
  readonly handler: Express;
  readonly routes: ApiRoutes;
  /** Calls under way. */
  inFlight(): number;
}

/**
 * The whole gateway as an Express application: id, browser headers, CORS, compression, site, route, caller, rate, call; problems
 * last. Throws when rules of the contract clash. Opens nothing.
 */
export function createApp(parts: AppParts, given: Partial<AppSettings> = {}): App {
  const settings = withDefaults(given);
  const routes = registerRoutes(parts.contract);
  const gate = createRateGate(parts.rates);
  const admission = createAdmission({
    maxInFlight: settings.maxInFlight,
    reservedShare: settings.shedReserved,
    isStrained: parts.isStrained,
  });
  const handler = express();
  handler.disable('x-powered-by').disable('etag').set('query parser', false);
  handler.use(requestId(parts));
  handler.use(recordRequest(parts));
  handler.use(writeHeaders(browserHeaders(settings.isHttps)));
  if (settings.corsOrigins.length > 0) handler.use(allowOrigins(settings.corsOrigins));
  handler.use(requireHost);
  handler.use(compressAnswers());
  for (const router of parts.site) handler.use(router);
  handler.use(findRoute(routes));
  handler.use(authenticate({ ...parts, gate, anonymousAccess: settings.anonymousAccess }));
  handler.use(limitRate(gate));
  handler.use(transcoder(parts, settings, { gate, admission }));
  handler.use(answerProblems);
  return { handler, routes, inFlight: admission.inFlight };
}

function transcoder(
  parts: AppParts,
  settings: AppSettings,
  shared: { readonly gate: RateGate; readonly admission: Admission },
): RequestHandler {
  return serveRoute({
    ...shared,
    clients: createServiceClients({ ...parts, ...settings }),
    clock: parts.clock,
    registry: parts.contract.registry,
    acceptMs: settings.deadlineMs,
    streamDeadlineMs: settings.streamDeadlineMs,
    keepAliveMs: settings.keepAliveMs,
    draining: parts.draining,
  });
}

/** Express knows an error handler by its four parameters. */
const answerProblems: ErrorRequestHandler = (error, request, response, _next) =>
  writeProblem(request, response, error instanceof URIError ? badEscape(error) : error);

/** A setting that is there but undefined is one that nobody made. */
function withDefaults(given: Partial<AppSettings>): AppSettings {
  const made = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultAppSettings, ...Object.fromEntries(made) };
}

/** RFC 9112, section 3.2: a request of HTTP/1.1 names its host. */
const requireHost: RequestHandler = (request, _response, next) => {
  const isMissing = request.httpVersion === '1.1' && request.headers.host === undefined;
  next(isMissing ? new AppError('invalid_header', { detail: 'The Host header is missing.' }) : undefined);
};

/** Express decodes the parameters of pages itself, and throws this when they are no percent-encoded UTF-8. */
function badEscape(cause: URIError): AppError {
  return new AppError('invalid_request', { errors: [{ field: 'path', rule: 'percent-encoded UTF-8' }], cause });
}

function writeHeaders(headers: ReadonlyMap<string, string>): RequestHandler {
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** Headers that scripts of other origins may read (style.md 4.6). */
const exposedHeaders = [
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-ID',
  'x-uapi-provider',
  'x-uapi-degraded',
];

function allowOrigins(origins: readonly string[]): RequestHandler {
  return cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders,
    maxAge: 600,
  });
}

/** Compresses answers of 1 KiB and more for callers that ask; never streams, whose events would wait in the buffer. */
function compressAnswers(): RequestHandler {
  const compress = compression({
    threshold: 1_024,
    filter: (request, response) =>
      !(request as express.Request).call.route?.isStream && compression.filter(request, response),
  });
  return (request, response, next) => {
    // Most machines ask for nothing; they need not pay for the wrapping of each answer.
    if (request.headers['accept-encoding'] === undefined) next();
    else compress(request, response, next);
  };
}
