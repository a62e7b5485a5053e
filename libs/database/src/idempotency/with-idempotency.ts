import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import {
  create,
  fromBinary,
  pathOf,
  toBinary,
  type DescMessage,
  type DescMethod,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@universal-api/protos';
import type { Transaction } from 'kysely';
import { deriveKeys, macOf, type SecretVersions } from '../derive-keys.ts';
import type { Database } from '../open-database.ts';
import { findAnswer, keepAnswer, lockKey, type KeptAnswer } from './idempotency-row.ts';

/** What is asked of the context of a call; `CallContext` has it. */
export interface IdempotentContext {
  readonly principal: { readonly tid: string; readonly sub: string };
  readonly idempotencyKey?: string;
  setHeader(name: string, value: string): void;
}

/** One call of a method that creates, sends or spends. */
export interface IdempotentCall<Output extends DescMessage, Tables, Context extends IdempotentContext> {
  readonly method: DescMethod & { readonly output: Output };
  readonly request: Message;
  readonly context: Context;
  /** Another pool than the service's, such as that of its worker. */
  readonly database?: Pick<Database<Tables>, 'transaction'>;
  /** The answer as a replay gives it, without what is shown only once, such as the text of a key; absent: the whole answer. */
  readonly redact?: (answer: MessageShape<Output>) => MessageInitShape<Output>;
}

/**
 * Does `work` in a transaction of the caller's tenant. Under an `Idempotency-Key` it happens once in 24 h: the answer commits
 * with the change, a repetition gets it back with the same response metadata and `Idempotent-Replayed: true`. `work` sets its
 * metadata through the context that it is given. What fails leaves nothing, and may be tried again under the same key.
 *
 * Errors: `idempotency_key_reused` for another request, method or caller under the same key; `idempotency_in_progress` while
 * the first still runs; `invalid_header` for a key that is not 1 to 255 visible ASCII characters; what `work` throws.
 */
export type WithIdempotency<Tables> = <Output extends DescMessage, Context extends IdempotentContext>(
  call: IdempotentCall<Output, Tables, Context>,
  work: (tx: Transaction<Tables>, context: Context) => Promise<MessageInitShape<Output>>,
) => Promise<MessageInitShape<Output>>;

/** What the guard of a service is made of; its schema needs a table (`templates/idempotency.sql`). */
export interface IdempotencyParts<Tables> {
  /** Name of the service. */
  readonly service: string;
  readonly database: Pick<Database<Tables>, 'transaction'>;
  /** `INTERNAL_AUTH_KEY`: what is kept of a request is a MAC under a key of it, since a request may have a password inside. */
  readonly keys: SecretVersions;
}

const keyShape = /^[\x21-\x7e]{1,255}$/;

/** Makes `withIdempotency` for the handlers of a service. */
export function createIdempotency<Tables>(parts: IdempotencyParts<Tables>): WithIdempotency<Tables> {
  const keys = deriveKeys(parts.keys, `idempotency:${parts.service}`);
  return async (call, work) => {
    const { method, request, context, database = parts.database } = call;
    const { idempotencyKey: key, principal } = context;
    if (key === undefined) return database.transaction(principal.tid, (tx) => work(tx, context));
    if (!keyShape.test(key)) {
      throw new AppError('invalid_header', {
        errors: [{ field: 'Idempotency-Key', rule: '1 to 255 visible ASCII characters' }],
      });
    }
    const asked = askedOf(method, request, principal.sub);
    return database.transaction(principal.tid, async (tx) => {
      if (!(await lockKey(tx, `idempotency:${parts.service}:${principal.tid}:${key}`))) {
        throw new AppError('idempotency_in_progress', { retryAfterS: 1 });
      }
      const kept = await findAnswer(tx, principal.tid, key);
      if (kept) return replay(kept, { keys, asked, context, output: method.output });
      const { headers, noting } = noteHeaders(context);
      const answer = create(method.output, await work(tx, noting));
      await keepAnswer(tx, principal.tid, key, {
        request_mac: macWith(keys[0], asked),
        headers,
        answer: bytesOf(method.output, call.redact ? call.redact(answer) : answer),
      });
      return answer as MessageInitShape<typeof method.output>;
    });
  };
}

/** The same context, and what is set through it. */
function noteHeaders<Context extends IdempotentContext>(context: Context) {
  const headers: Record<string, string> = {};
  const noting: Context = {
    ...context,
    setHeader(name: string, value: string) {
      headers[name] = value;
      context.setHeader(name, value);
    },
  };
  return { headers, noting };
}

function bytesOf(output: DescMessage, answer: MessageInitShape<DescMessage>): Buffer {
  return Buffer.from(toBinary(output, create(output, answer)));
}

/** Who asks for what; another caller of the tenant under the same key is another request. */
function askedOf(method: DescMethod, request: Message, sub: string): readonly (string | Uint8Array)[] {
  return [pathOf(method), sub, toBinary(method.input, request)];
}

function macWith(key: KeyObject | undefined, asked: readonly (string | Uint8Array)[]): Buffer {
  if (!key) throw new AppError('internal', { internal: 'a key ring without a key' });
  return macOf(key, asked);
}

interface Replay<Output extends DescMessage> {
  readonly keys: readonly KeyObject[];
  readonly asked: readonly (string | Uint8Array)[];
  readonly context: IdempotentContext;
  readonly output: Output;
}

function replay<Output extends DescMessage>(
  kept: KeptAnswer,
  { keys, asked, context, output }: Replay<Output>,
): MessageInitShape<Output> {
  const isSame = keys.some((key) => timingSafeEqual(macOf(key, asked), kept.request_mac));
  if (!isSame) throw new AppError('idempotency_key_reused');
  for (const [name, value] of Object.entries(kept.headers)) context.setHeader(name, value);
  context.setHeader('idempotent-replayed', 'true');
  return fromBinary(output, kept.answer) as MessageInitShape<Output>;
}
