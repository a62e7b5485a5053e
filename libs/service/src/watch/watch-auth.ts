import type { GrpcChannel } from '@universal-api/grpc';
import { create, type MessageShape } from '@universal-api/protos';
import {
  AuthService,
  WatchRequestSchema,
  type WatchResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../host.ts';
import type { CallAsSystem } from './call-as-system.ts';
import { createLogLevels } from './log-levels.ts';
import { createRevocations, type Revocations } from './revocations.ts';

/** What one app hears of the service `auth`, all the time. */
export interface AuthWatch {
  readonly revocations: Revocations;
  /** Whether it was heard lately enough for the bound of a revocation: if not, an end may have gone unheard. */
  isFresh(): boolean;
  /** Resolves once anything was heard at all, or after a second: a process that has just begun need not refuse at once. */
  untilHeard(): Promise<unknown>;
  /** Gateways alive, by what was heard last; 1 until anything was. */
  liveGateways(): number;
  close(): Promise<void>;
}

/** Parts of a watch. */
export interface AuthWatchParts {
  /** Name of the app that watches: gateways are counted by it, log levels are found by it. */
  readonly app: string;
  /** The process, such as host name and number. */
  readonly instance: string;
  readonly channel: GrpcChannel;
  readonly callAsSystem: CallAsSystem;
  readonly host: Pick<Host, 'log' | 'now'>;
}

/**
 * The hard bound from a revocation to refusal (5 s, platform.md 1.4), less the longest way of a message: what was heard last may
 * have been written so long before.
 */
const freshMs = 4_000;
/** A stream that is silent for so long is taken for dead; signs of life come every second or two. */
const longestSilenceMs = 5_000;
const silenceTickMs = 1_000;
/** Longest life of one stream, ms: then the next begins where it ended. */
const streamLifeMs = 3_600_000;
const firstRetryMs = 100;
const longestRetryMs = 1_000;
const firstHeardMs = 1_000;
/** Failures in a row after which the log says so, once. */
const toldAtFailure = 5;

type Heard = MessageShape<typeof WatchResponseSchema>;

/**
 * Follows `auth.Watch` until it is closed: feeds the revocations, knows how many gateways live, and applies the log level of its
 * app. Begins with all that ended within the last hour, and after a loss goes on where it was. Never fails: while `auth` is away
 * it knows what it knew, and `isFresh` says so.
 */
export function watchAuth(parts: AuthWatchParts): AuthWatch {
  const { app, host } = parts;
  const revocations = createRevocations(host.now);
  const levels = createLogLevels(app, host.log.part(app), host.now);
  const ended = new AbortController();
  const first = Promise.withResolvers<void>();
  let heardAt = -Infinity;
  let seq = '0';
  let gateways = 1;

  function hear(message: Heard): void {
    heardAt = performance.now();
    first.resolve();
    if (message.seq !== '') seq = message.seq;
    if (message.resync) revocations.forgetAll();
    for (const { kind, id, at } of message.revocations) revocations.add(kind, id, toMs(at) ?? host.now());
    if (message.liveGateways > 0) gateways = message.liveGateways;
    levels.apply(message.logLevels.map(({ service, level, until }) => ({ service, level, untilMs: toMs(until) })));
  }
  const running = follow(parts, { hear, seq: () => seq, heardAt: () => heardAt, signal: ended.signal });
  return {
    revocations,
    isFresh: () => performance.now() - heardAt < freshMs,
    untilHeard: () => Promise.race([first.promise, wait(firstHeardMs, undefined, { ref: false })]),
    liveGateways: () => gateways,
    async close() {
      ended.abort();
      levels.close();
      await running;
    },
  };
}

interface Followed {
  readonly hear: (message: Heard) => void;
  readonly seq: () => string;
  readonly heardAt: () => number;
  readonly signal: AbortSignal;
}

async function follow(parts: AuthWatchParts, followed: Followed): Promise<void> {
  const { signal } = followed;
  const log = parts.host.log.part(parts.app);
  let retryMs = 0;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await followOnce(parts, followed, () => {
        if (failures >= toldAtFailure) log.info('what ended is heard again');
        failures = 0;
        retryMs = 0;
      });
    } catch (error) {
      // Every failure has one answer: try again. A single one is a restart, or the end of a stream's life.
      failures += 1;
      if (failures === toldAtFailure) log.warn('the service auth cannot be watched: ends go unheard', { err: error });
    }
    await wait(retryMs, undefined, { signal, ref: false }).catch(() => {}); // Only the end of the watch cuts it short.
    retryMs = Math.min(Math.max(retryMs * 2, firstRetryMs), longestRetryMs);
  }
}

async function followOnce(parts: AuthWatchParts, followed: Followed, onHeard: () => void): Promise<void> {
  const { app, instance, channel, callAsSystem } = parts;
  const aborter = new AbortController();
  const startedAt = performance.now();
  const silence = setInterval(() => {
    if (performance.now() - Math.max(followed.heardAt(), startedAt) > longestSilenceMs) aborter.abort();
  }, silenceTickMs).unref();
  const end = () => aborter.abort();
  followed.signal.addEventListener('abort', end, { once: true });
  try {
    const method = AuthService.method.watch;
    const request = create(WatchRequestSchema, { app, instance, sinceSeq: followed.seq() });
    const options = { ...callAsSystem(method, streamLifeMs), signal: aborter.signal };
    for await (const message of channel.stream(method, request, options)) {
      onHeard();
      followed.hear(message as Heard);
    }
  } finally {
    clearInterval(silence);
    followed.signal.removeEventListener('abort', end);
  }
}

function toMs(at: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  return at && Number(at.seconds) * 1_000 + at.nanos / 1e6;
}
