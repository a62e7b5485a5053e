import { AppError } from '@universal-api/errors';
import type { Request } from 'express';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';

/** Most that a compressed body may grow (platform.md 6.4). */
const maxInflation = 100;
const json = /^application\/json(?:\s*;\s*charset="?utf-?8"?)?\s*$/i;
const form = /^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-?8"?)?\s*$/i;
const empty = new Uint8Array();
const gunzip = promisify(gunzipCallback);

/** A request's body, and how it is written. */
export interface RequestBody {
  readonly bytes: Uint8Array;
  readonly isForm: boolean;
}

/** What a route takes. */
export interface BodyRules {
  /** Whether it takes a body at all. */
  readonly takesBody: boolean;
  readonly takesForm: boolean;
  /** Most bytes, after inflation. */
  readonly maxBytes: number;
}

/**
 * Reads a body within the bounds of its route, inflating gzip.
 * Errors: `unsupported_media_type` (another type or coding), `body_too_large` (more than the bound, or more than 100 times its
 * compressed size), `malformed_body` (damaged gzip), `invalid_request` (a body where none belongs).
 */
export async function readBody(request: Request, rules: BodyRules): Promise<RequestBody> {
  const { headers } = request;
  const length = headers['content-length'];
  if (length === '0' || (length === undefined && headers['transfer-encoding'] === undefined)) {
    return { bytes: empty, isForm: false };
  }
  if (!rules.takesBody) throw new AppError('invalid_request', { errors: [{ field: 'body', rule: 'takes no body' }] });
  const type = headers['content-type'] ?? '';
  const isForm = rules.takesForm && form.test(type);
  if (!isForm && !json.test(type)) {
    const detail = rules.takesForm ? 'Send `application/json` or `application/x-www-form-urlencoded`.' : undefined;
    throw new AppError('unsupported_media_type', { detail });
  }
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity' && coding !== 'gzip') {
    throw new AppError('unsupported_media_type', {
      detail: 'Send the body as it is, or with `Content-Encoding: gzip`.',
    });
  }
  if (Number(length ?? 0) > rules.maxBytes) throw tooLarge(rules.maxBytes);
  const bytes = coding === 'gzip' ? await inflate(request, rules.maxBytes) : await collect(request, rules.maxBytes);
  return { bytes, isForm };
}

/** Every chunk of a request as long as `take` does not throw; what comes after a refusal is read and dropped. */
function readChunks(request: Request, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      request.off('data', onData).off('end', onEnd).off('close', onLeft).off('error', settle);
      // Closing on a caller that still sends would reset the connection, and the refusal could be lost with it.
      request.on('error', () => {}).resume();
      if (error) reject(error);
      else resolve();
    };
    const onData = (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        settle(error as Error);
      }
    };
    const onEnd = () => settle();
    const onLeft = () => settle(new AppError('cancelled', { internal: 'the caller left in the middle of a body' }));
    request.on('data', onData).on('end', onEnd).on('close', onLeft).on('error', settle);
  });
}

async function collect(request: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  await readChunks(request, (chunk) => {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  });
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

async function inflate(request: Request, maxBytes: number): Promise<Uint8Array> {
  const compressed = await collect(request, maxBytes);
  const most = Math.min(maxBytes, compressed.length * maxInflation);
  try {
    return await gunzip(compressed, { maxOutputLength: most });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new AppError('malformed_body', { detail: 'The body is no gzip.', cause });
  }
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('body_too_large', { detail: `This operation takes at most ${maxBytes} bytes.` });
}
