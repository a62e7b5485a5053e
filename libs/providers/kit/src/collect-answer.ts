import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { HttpAnswer, HttpGet } from '@universal-api/providers-spec';
import type { Dispatcher } from 'undici';
import { codeOf, messageOf } from './read-error.ts';

/** An answer larger than was allowed; `code` tells it from a broken connection. */
export class TooLarge extends Error {
  readonly code = 'TOO_LARGE';
  constructor(maxBytes: number) {
    super(`the body exceeds ${maxBytes} bytes`);
    this.name = 'TooLarge';
  }
}

type Settle = { resolve(answer: HttpAnswer): void; reject(error: unknown): void };

/**
 * Takes one answer whole: bounded before and after decoding, ended by the signal. Handed to a dispatcher directly,
 * since the stream that `request()` builds around a body costs more than reading it does.
 */
export function collectAnswer({ signal, maxBytes }: HttpGet, settle: Settle): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let headers: HttpAnswer['headers'] = {};
  let controller: Dispatcher.DispatchController | undefined;

  const onAbort = (): void => {
    controller?.abort(abortError(signal));
    // A request that waits for its connection has no controller yet: the caller must not wait with it.
    fail(abortError(signal));
  };
  function fail(error: unknown): void {
    signal.removeEventListener('abort', onAbort);
    settle.reject(error);
  }
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    onRequestStart(started) {
      controller = started;
      if (signal.aborted) started.abort(abortError(signal));
    },
    onResponseStart(_controller, statusCode, received) {
      status = statusCode;
      headers = received;
    },
    onResponseData(receiving, chunk) {
      size += chunk.length;
      if (size > maxBytes) return receiving.abort(new TooLarge(maxBytes));
      chunks.push(chunk);
    },
    onResponseEnd() {
      try {
        const [only] = chunks;
        const bytes = only && chunks.length === 1 ? only : Buffer.concat(chunks, size);
        const body = decode(bytes, headers['content-encoding'], maxBytes);
        signal.removeEventListener('abort', onAbort);
        settle.resolve({ status, headers, body });
      } catch (error) {
        fail(error);
      }
    },
    onResponseError(_controller, error) {
      fail(error);
    },
  };
}

function decode(bytes: Buffer, encoding: string | readonly string[] | undefined, maxBytes: number): string {
  if (encoding === undefined || encoding === 'identity' || bytes.length === 0) return bytes.toString('utf8');
  try {
    return decompressor(encoding)(bytes, { maxOutputLength: maxBytes }).toString('utf8');
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge(maxBytes);
    throw error;
  }
}

function decompressor(encoding: string | readonly string[]) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync;
  if (encoding === 'deflate') return inflateSync;
  if (encoding === 'br') return brotliDecompressSync;
  throw new Error('content-encoding was not asked for');
}

function abortError(signal: AbortSignal): Error {
  const { reason } = signal as { reason: unknown };
  return messageOf(reason) ? (reason as Error) : new Error('aborted');
}
