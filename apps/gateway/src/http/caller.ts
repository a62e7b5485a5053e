import { defaultTenantId } from '@universal-api/ids';
import { anonymousScopes } from '@universal-api/principal';
import type { Caller } from '@universal-api/service';

export type { Caller };

/** Nobody in particular: reads, in tenant `default`, at the rates of plan `free` (platform.md 1.2). */
export const anonymousCaller: Caller = {
  tid: defaultTenantId,
  sub: 'anonymous',
  typ: 'anonymous',
  scp: anonymousScopes,
  plan: 'free',
  mode: 'live',
  pool: 'local',
};

/** Nobody, on a method that reads no credential: no scope at all. */
export const publicCaller: Caller = { ...anonymousCaller, scp: [] };
