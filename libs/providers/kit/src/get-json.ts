import type { CallContext, HttpAnswer, ProviderManifest, ProviderSettings } from '@universal-api/providers-spec';
import { classifyStatus } from './classify-status.ts';
import { ProviderFailure, type ProviderFailureOptions } from './provider-failure.ts';
import { codeOf, messageOf } from './read-error.ts';
import { readExpiry } from './read-expiry.ts';
import { redact } from './redact.ts';

const defaultMaxBytes = 2 * 1024 * 1024;

/** What makes a typed value of parsed JSON, or throws; a zod schema is one. */
export interface Schema<T> {
  parse(value: unknown): T;
}

/** One question to an upstream. */
export interface JsonQuestion<T> {
  /** Absolute, with its query. */
  readonly url: string;
  /** The fields that are used of the answer; others are left. */
  readonly schema: Schema<T>;
  readonly context: CallContext;
  readonly manifest: ProviderManifest;
  readonly settings: ProviderSettings;
  /** Beside `accept` and `user-agent`; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest body taken, bytes; 2 MiB. */
  readonly maxBytes?: number;
}

/**
 * Asks an upstream and reads its JSON. Ends with the context's signal; tells the context how long the answer is fresh
 * where the manifest says that this must be honoured.
 *
 * Errors: only `ProviderFailure`: by the manifest's rules and the status (`classifyStatus`); `retry_elsewhere` if there
 * was no whole answer in time; `malformed` for a body too large, not JSON (also HTML under 200) or not of the schema.
 */
export async function getJson<T>(question: JsonQuestion<T>): Promise<T> {
  const { context, manifest } = question;
  const answer = await ask(question);
  const now = Date.now();
  const classified = classifyStatus(answer, manifest.failureRules, now);
  if (classified) throw failed(question, `${answer.status} ${answer.body}`, { ...classified, status: answer.status });
  const value = read(question, answer);
  if (manifest.honoursExpiry) {
    const expiresAt = readExpiry(answer.headers, now);
    if (expiresAt !== undefined) context.expiresAt(expiresAt);
  }
  return value;
}

async function ask({
  url,
  headers,
  context,
  manifest,
  settings,
  maxBytes,
}: JsonQuestion<unknown>): Promise<HttpAnswer> {
  try {
    return await settings.http.get({
      url,
      headers: { accept: 'application/json', 'user-agent': settings.userAgent, ...headers },
      signal: context.signal,
      maxBytes: maxBytes ?? defaultMaxBytes,
    });
  } catch (cause) {
    const failure = codeOf(cause) === 'TOO_LARGE' ? 'malformed' : 'retry_elsewhere';
    throw failed({ manifest, settings }, `${codeOf(cause)} ${messageOf(cause) || 'no answer'}`, { failure });
  }
}

function read<T>(question: JsonQuestion<T>, { body, status }: HttpAnswer): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // What the parser says is left out: it quotes a piece of the body, and an upstream may have echoed our key there.
    throw failed(question, body.trimStart().startsWith('<') ? 'markup' : 'not JSON', { failure: 'malformed', status });
  }
  try {
    return question.schema.parse(json);
  } catch (cause) {
    throw failed(question, `not of the schema: ${messageOf(cause)}`, { failure: 'malformed', status });
  }
}

/** The text is cut only after the key is gone: half a key would not be found. No cause is kept, it may hold the URL. */
function failed(
  { manifest, settings }: Pick<JsonQuestion<unknown>, 'manifest' | 'settings'>,
  text: string,
  options: Omit<ProviderFailureOptions, 'provider' | 'internal' | 'cause'>,
): ProviderFailure {
  const internal = redact(`${manifest.id}: ${text.slice(0, 4096)}`, settings.key?.reveal()).slice(0, 500);
  return new ProviderFailure({ provider: manifest.id, internal, ...options });
}
