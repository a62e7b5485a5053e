import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { queryName, type Records } from './query-name.ts';
import { codeOf } from './read-error.ts';
import { readHostsFile } from './read-hosts-file.ts';

/** How names are resolved. All have defaults; tests hand in their own. */
export interface NameResolverOptions {
  /** As in `dns.setServers`; absent: those of the system. */
  readonly servers?: readonly string[];
  /** Longest wait for one name, ms; 700. */
  readonly timeoutMs?: number;
  /** `/etc/hosts`; absent files are empty ones. */
  readonly hostsFile?: string;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** What a look-up at the name servers came to: found, or the code of its error. Cache and hosts file are not told. */
export type LookupListener = (name: string, errorCode?: string) => void;

/** Names to addresses, without the system's blocking look-up. */
export interface NameResolver {
  /**
   * The addresses of a name, IPv4 first, never empty. An IP address is its own answer; `localhost` and names under it
   * are loopback (RFC 6761); the hosts file comes next, then the cache, then the name servers. Callers of one name
   * share one query. Rejects with the resolver's error (`code` such as `ENOTFOUND`, `ETIMEOUT`), kept for 5 s.
   */
  resolve(name: string, options?: { readonly fresh?: boolean }): Promise<readonly string[]>;
  /** Whether `resolve` would answer without asking a name server. */
  knows(name: string): boolean;
  /** Called after each question to the name servers. */
  onLookup(listener: LookupListener): void;
}

interface Entry {
  readonly answer: Promise<readonly string[]>;
  /** 0 while the query is under way. */
  expiresAt: number;
}

const maxEntries = 1000;
const minTtlMs = 5000;
const maxTtlMs = 3600_000;
const negativeMs = 5000;
const loopback = ['127.0.0.1', '::1'];

/** A resolver with a cache of its own: by TTL, 5 s to 1 h, at most 1,000 names; failures 5 s. */
export function createNameResolver(options: NameResolverOptions = {}): NameResolver {
  const { servers, timeoutMs = 700, hostsFile = '/etc/hosts', now = Date.now } = options;
  const entries = new Map<string, Entry>();
  const listeners: LookupListener[] = [];

  async function ask(name: string, entry: { expiresAt: number }): Promise<readonly string[]> {
    const listed = readHostsFile(await readFile(hostsFile, 'utf8').catch(() => '')).get(name);
    if (listed) {
      entry.expiresAt = now() + minTtlMs;
      return listed;
    }
    let records: Records;
    try {
      records = await queryName(name, timeoutMs, servers);
    } catch (thrown) {
      entry.expiresAt = now() + negativeMs;
      for (const listener of listeners) listener(name, codeOf(thrown));
      throw thrown;
    }
    entry.expiresAt = now() + Math.min(Math.max(records.ttlS * 1000, minTtlMs), maxTtlMs);
    for (const listener of listeners) listener(name);
    return records.addresses;
  }

  function known(name: string): Entry | undefined {
    const entry = entries.get(name);
    return entry && (entry.expiresAt === 0 || entry.expiresAt > now()) ? entry : undefined;
  }

  return {
    resolve(rawName, { fresh = false } = {}) {
      const own = ownAnswer(rawName);
      if (own) return Promise.resolve(own);
      const name = normalised(rawName);
      const cached = known(name);
      if (cached && (!fresh || cached.expiresAt === 0)) return cached.answer;
      const state = { expiresAt: 0 };
      const entry: Entry = Object.assign(state, { answer: ask(name, state) });
      // The caller sees the rejection; this copy only keeps a shared one from counting as unhandled.
      entry.answer.catch(() => undefined);
      entries.delete(name);
      entries.set(name, entry);
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value ?? name);
      return entry.answer;
    },
    knows(rawName) {
      if (needsNoLookup(rawName)) return true;
      const entry = known(normalised(rawName));
      return entry !== undefined && entry.expiresAt !== 0;
    },
    onLookup(listener) {
      listeners.push(listener);
    },
  };
}

/** Whether a name is an IP address or `localhost`: no name server is ever asked. Takes IPv6 with brackets too. */
export function needsNoLookup(name: string): boolean {
  return ownAnswer(name) !== undefined;
}

function ownAnswer(rawName: string): readonly string[] | undefined {
  const bare = rawName.startsWith('[') && rawName.endsWith(']') ? rawName.slice(1, -1) : rawName;
  if (isIP(bare) !== 0) return [bare];
  const name = normalised(rawName);
  return name === 'localhost' || name.endsWith('.localhost') ? loopback : undefined;
}

function normalised(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
