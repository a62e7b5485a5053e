import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { readField, timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { WatchRequest, WatchResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { readLogLevels } from '../settings/log-levels.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { beat, countGateways } from './live-gateways.ts';
import { readChanges, readPlace, type ToldRevocation } from './read-changes.ts';
import type { WatcherWake } from './wake-watchers.ts';

/** What the stream works with. */
export interface WatchParts {
  /** Pool of `auth_app`. */
  readonly database: Pick<Database<AuthTables>, 'instance'>;
  readonly wake: Pick<WatcherWake, 'hints' | 'wait'>;
}

type Message = MessageInitShape<typeof WatchResponseSchema>;

/** Longest time between two messages, ms: the poll beside the hint, and a sign of life. */
const pollMs = 1_000;
/** After each message, ms, so that a flood of hints is one look and not many. */
const gapMs = 50;
/** App whose instances share the limits. */
const gatewayApp = 'gateway';

/**
 * What ended since `since_seq`, then what ends, as it happens: a message at each change, and at least one a second while
 * PostgreSQL answers. Each has all log levels that hold and the number of gateways that live. A revocation may be told more than
 * once and is never left out; where some may be (`since_seq` older than the hour that is kept, or of another database) the
 * message says `resync` and has all that are kept. So who begins with `0` gets the last hour, and without `since_seq` only what comes.
 *
 * Errors, each at the end of the stream: `invalid_request` for a `since_seq` that is none of ours; `service_unavailable` when
 * PostgreSQL is away. The caller asks again from the last `seq`.
 */
export function watch({ database, wake }: WatchParts) {
  return async function* (request: WatchRequest, { signal }: CallContext): AsyncGenerator<Message> {
    const [app, instance] = [readField(request, 'app'), readField(request, 'instance')];
    let cursor = request.sinceSeq === undefined ? undefined : readCursor(request.sinceSeq);
    let told = new Set<bigint>();
    while (!signal.aborted) {
      const hints = wake.hints();
      const look = await database.instance(async (tx) => {
        if (app === gatewayApp) await beat(tx, instance);
        return lookFrom(tx, cursor);
      });
      const fresh = look.revocations.filter(({ seq }) => !told.has(seq));
      // What is older than the new place is never read again.
      told = new Set(look.revocations.map(({ seq }) => seq));
      cursor = look.cursor;
      yield toMessage(look, fresh);
      if (!(await wasLeft(gapMs, signal))) await wake.wait(hints, pollMs - gapMs, signal);
    }
  };
}

async function lookFrom(tx: Transaction<AuthTables>, cursor: bigint | undefined) {
  const changes = await readChanges(tx, cursor ?? (await readPlace(tx)));
  // Who wants only what comes has nothing to lose.
  const isLost = changes.isLost && cursor !== undefined;
  const revocations = changes.isLost && cursor === undefined ? [] : changes.revocations;
  return { ...changes, isLost, revocations, gateways: await countGateways(tx), levels: await readLogLevels(tx) };
}

function toMessage(look: Awaited<ReturnType<typeof lookFrom>>, fresh: readonly ToldRevocation[]): Message {
  return {
    seq: String(look.cursor),
    revocations: fresh.map(({ kind, id, at }) => ({ kind, id, at: timestampFromDate(at) })),
    liveGateways: look.gateways,
    logLevels: look.levels.map(({ service, level, until }) => ({ service, level, until: timestampFromDate(until) })),
    resync: look.isLost,
  };
}

const largestCursor = 2n ** 63n - 1n;

function readCursor(text: string): bigint {
  const cursor = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
  if (cursor >= 0n && cursor <= largestCursor) return cursor;
  throw new AppError('invalid_request', { errors: [{ field: 'since_seq', rule: 'a seq of an earlier message' }] });
}

async function wasLeft(ms: number, signal: AbortSignal): Promise<boolean> {
  // The caller's leaving is the only thing that ends the pause early.
  await pause(ms, undefined, { signal }).catch(() => {});
  return signal.aborted;
}
