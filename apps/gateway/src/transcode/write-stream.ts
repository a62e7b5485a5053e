import { AppError } from '@universal-api/errors';
import type { StreamAnswer } from '@universal-api/grpc';
import type { Request, Response } from 'express';
import { once } from 'node:events';
import { rateHeadersFor } from '../http/middleware/limit-rate.ts';
import { problemOf } from '../http/write-problem.ts';
import { streamFormatOf, type StreamFormat } from './stream-format.ts';
import { toResponseHead } from './pass-metadata.ts';
import type { WriteParts } from './write-unary.ts';

/** Parts of writing a stream. */
export interface StreamParts extends WriteParts {
  /** How long the service may take to accept the request, ms. */
  readonly acceptMs: number;
  /** Longest life of a stream from the arrival of its request, ms; also for a caller who does not read. */
  readonly streamDeadlineMs: number;
  /** Between two comments, ms. */
  readonly keepAliveMs: number;
  /** Aborted when the gateway stops: streams end, so that it can. */
  readonly draining: AbortSignal;
}

/** A stream under way: its messages, and the means to end the call behind it. */
export interface OpenStream {
  readonly answer: StreamAnswer;
  readonly aborter: AbortController;
}

/**
 * Answers a stream as server-sent events or NDJSON (style.md 4.6). 200 is written only once the service accepted the request:
 * before that an error is thrown and becomes a problem document, after it the stream ends with an error event. A caller that
 * reads slowly slows the service down; one that leaves ends the call.
 */
export async function writeStream(
  request: Request,
  response: Response,
  { answer, aborter }: OpenStream,
  parts: StreamParts,
): Promise<void> {
  const { call } = request;
  if (!call.route) throw new Error('a call without a route');
  const metadata = await acceptance(answer, aborter, parts.acceptMs);
  const format = streamFormatOf(call.route, request.headers.accept, parts.registry);
  for (const [name, value] of toResponseHead(call.route, metadata).headers) response.setHeader(name, value);
  const rates = rateHeadersFor(call, 200);
  for (const name in rates) response.setHeader(name, rates[name] ?? '');
  response.setHeader('Content-Type', format.contentType);
  response.setHeader('Cache-Control', 'no-cache, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  const stop = () => aborter.abort();
  if (request.method === 'HEAD' || parts.draining.aborted) stop();
  parts.draining.addEventListener('abort', stop, { once: true });
  const leftMs = Math.max(0, call.receivedAt + parts.streamDeadlineMs - parts.clock());
  const end = setTimeout(stop, leftMs);
  const keepAlive = setInterval(() => {
    if (format.keepAlive && !response.writableNeedDrain) response.write(format.keepAlive);
  }, parts.keepAliveMs);
  try {
    await pump(answer, response, format, aborter.signal);
  } catch (thrown) {
    if (!response.destroyed) response.write(lastWords(request, thrown, format, parts.draining));
  } finally {
    clearTimeout(end);
    clearInterval(keepAlive);
    parts.draining.removeEventListener('abort', stop);
  }
  // What a caller has not read by now is not waited for: it would hold the slot.
  if (response.writableNeedDrain) response.destroy();
  else response.end();
}

async function pump(answer: StreamAnswer, response: Response, format: StreamFormat, signal: AbortSignal) {
  for await (const message of answer) {
    if (signal.aborted) throw new AppError('cancelled');
    if (!response.write(format.message(message))) await once(response, 'drain', { signal });
  }
}

function lastWords(request: Request, thrown: unknown, format: StreamFormat, draining: AbortSignal): string {
  if (draining.aborted) return format.goodbye(request.call.requestId);
  if (request.method === 'HEAD') return '';
  const problem = problemOf(thrown, request.call.requestId);
  request.call.code = problem.code;
  request.call.error = thrown;
  return format.problem(problem);
}

/** The service's initial metadata, or `deadline_exceeded` when it does not come. */
async function acceptance(answer: StreamAnswer, aborter: AbortController, acceptMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      aborter.abort();
      reject(new AppError('deadline_exceeded', { internal: 'the service did not accept the stream in time' }));
    }, acceptMs);
  });
  try {
    return await Promise.race([answer.headers, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
