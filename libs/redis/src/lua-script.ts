import { createHash } from 'node:crypto';

/** A script that Redis runs as one step: nothing else happens between its reads and its writes. */
export interface LuaScript {
  readonly source: string;
  /** SHA-1 of the source, hex: the name under which Redis keeps it. */
  readonly sha: string;
}

/** A script by its source. Pure; Redis learns it at the first run. */
export function defineScript(source: string): LuaScript {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
