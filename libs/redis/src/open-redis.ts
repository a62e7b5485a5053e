import type { Logger } from '@universal-api/logging';
import { Redis as Client } from 'ioredis';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LuaScript } from './lua-script.ts';
import type { Redis } from './redis.ts';
import { RedisFailure, toRedisFailure } from './redis-failure.ts';

/** How a connection is made. */
export interface OpenRedisOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and number of the database if there are. */
  readonly url: string;
  /** What it is for, such as `limits`: in log lines and in the server's list of clients. */
  readonly name: string;
  readonly log: Logger;
  /** Longest time for a command, ms; 50 unless told (`RL_REDIS_TIMEOUT_MS`). */
  readonly timeoutMs?: number;
  /** Certificate authorities of the server, PEM; those of the process unless told. */
  readonly ca?: string;
}

const connectTimeoutMs = 1_000;
const silenceMs = 1_000;
const retryStepMs = 50;
const longestRetryMs = 500;
const goodbyeMs = 100;
const pollMs = 10;

/**
 * Opens a connection to Redis and keeps it: lost, it is tried again every half second, without a restart. Returns before it is
 * made; a server out of reach is logged once for each outage, and commands fail at once meanwhile.
 * Source: https://github.com/redis/ioredis (options of version 6).
 */
export function openRedis({ url, name, log, timeoutMs = 50, ca }: OpenRedisOptions): Redis {
  const client = new Client(url, {
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionName: name,
    // The name is enough; the client's version would cost two more commands on each connection.
    disableClientInfo: true,
    connectTimeout: connectTimeoutMs,
    // Ends a connection whose server says nothing, also one that is being set up; commands have their own, shorter time.
    socketTimeout: silenceMs,
    disconnectTimeout: goodbyeMs,
    enableOfflineQueue: false,
    // The check is INFO, which a server that loads its data answers; here the first command tells.
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * retryStepMs, longestRetryMs),
  });
  logOutages(client, name, log);

  // A connection that was just dropped still counts as ready for the client.
  const isConnected = () => client.status === 'ready' && client.stream.writable;
  const sent = <T>(reply: Promise<T>) => within(timeoutMs, reply);
  return {
    get: async (key) => (await sent(client.getBuffer(key))) ?? undefined,
    set: async (key, value, lifeMs) => void (await sent(client.set(key, value, 'PX', lifeMs))),
    delete: async (key) => void (await sent(client.del(key))),
    run: (script, keys, args) => sent(runScript(client, script, keys, args)),
    ping: async () => void (await sent(client.ping())),
    info: (section) => sent(client.info(section)),
    async setting(setting) {
      const reply: unknown = await sent(client.config('GET', setting));
      return readSetting(reply, setting);
    },
    isConnected,
    async connected(withinMs) {
      const end = performance.now() + withinMs;
      while (!isConnected() && performance.now() < end) await sleep(pollMs);
      return isConnected();
    },
    reset: () => resetStream(client.stream),
    async close() {
      client.disconnect();
      resetStream(client.stream);
    },
  };
}

async function runScript(
  client: Client,
  script: LuaScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(script.source, keys.length, ...keys, ...args);
  }
}

/**
 * A reply, or a failure when its time is up. Replies that have come are read first: a process that was busy for longer than
 * the time would else take them for missing.
 */
function within<T>(timeoutMs: number, reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => reject(new RedisFailure('timeout', `no answer in ${timeoutMs} ms`))),
      timeoutMs,
    );
    reply.then(resolve, (error) => reject(toRedisFailure(error))).finally(() => clearTimeout(timer));
  });
}

/** CONFIG GET answers a map, by RESP3, or a list of names and values. */
function readSetting(reply: unknown, name: string): string | undefined {
  if (Array.isArray(reply)) {
    const at = reply.indexOf(name);
    return at < 0 ? undefined : String(reply[at + 1]);
  }
  if (typeof reply !== 'object' || reply === null) return undefined;
  const value: unknown = Object.entries(reply).find(([key]) => key === name)?.[1];
  return value === undefined ? undefined : String(value);
}

/** A reset spares a server that hangs the orderly goodbye of each lost connection; over TLS the socket is only dropped. */
function resetStream(stream: unknown): void {
  if (!(stream instanceof Socket) || stream.destroyed) return;
  if ('encrypted' in stream) stream.destroy();
  else stream.resetAndDestroy();
}

/** One line when the connection is lost, one when it is back: not one for each attempt. */
function logOutages(client: Client, name: string, log: Logger): void {
  let isLost = false;
  let err: unknown;
  // Without this listener the client would print every failed attempt itself.
  client.on('error', (error) => (err = error));
  client.on('reconnecting', () => {
    if (isLost) return;
    isLost = true;
    log.warn('Redis is out of reach', { part: name, err });
  });
  client.on('ready', () => {
    if (isLost) log.info('Redis is back', { part: name });
    isLost = false;
    err = undefined;
  });
}
