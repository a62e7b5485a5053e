import type { LuaScript } from './lua-script.ts';

/**
 * One connection to Redis and the few commands that this product sends. The law:
 *
 * - Every command ends within its time: an answer, or `RedisFailure`. Nothing waits for a connection, nothing is sent twice.
 * - A lost connection comes back by itself, for as long as the process lives.
 * - A command that failed by `timeout` or a broken connection may still have been carried out.
 */
export interface Redis {
  /** The bytes under a key; `undefined` if there are none. */
  get(key: string): Promise<Buffer | undefined>;
  /** Stores bytes for so many ms (whole, at least 1): there is no entry without an end. */
  set(key: string, value: Buffer | string, lifeMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Runs a script by its SHA; one that the server does not know (any more) goes over whole. The reply as it comes. */
  run(script: LuaScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  ping(): Promise<void>;
  /** A section of INFO, as text. */
  info(section: string): Promise<string>;
  /** A setting of the server. `refused` where the command is not allowed, as with most hosted ones. */
  setting(name: string): Promise<string | undefined>;
  isConnected(): boolean;
  /** Whether there is a connection, now or within so many ms; never rejects. For the start and for tests. */
  connected(withinMs: number): Promise<boolean>;
  /** Drops the connection at once, with all that waits on it; a new one is made. For a server that no longer answers. */
  reset(): void;
  /** Ends the connection for good. */
  close(): Promise<void>;
}
