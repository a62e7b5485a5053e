import type { Redis } from './redis.ts';

/** How full a server is. */
export interface RedisMemory {
  readonly usedBytes: number;
  /** 0 = no limit of its own. */
  readonly maxBytes: number;
  /** `maxmemory-policy`. */
  readonly policy: string;
}

/** How full the server is, by `INFO memory`. Errors: `RedisFailure`. */
export async function readMemory(redis: Pick<Redis, 'info'>): Promise<RedisMemory> {
  return parseMemory(await redis.info('memory'));
}

/** The lines of `INFO memory` that count; what is not there is 0 or empty. Pure. */
export function parseMemory(info: string): RedisMemory {
  const lines = new Map(info.split(/\r?\n/).map((line) => splitLine(line)));
  return {
    usedBytes: Number(lines.get('used_memory') ?? 0),
    maxBytes: Number(lines.get('maxmemory') ?? 0),
    policy: lines.get('maxmemory_policy') ?? '',
  };
}

function splitLine(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1)];
}
