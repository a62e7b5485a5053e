import { defaultTenantId } from '@universal-api/ids';
import { anonymousScopes, type PrincipalClaims } from '@universal-api/principal';

/** Who makes a request, before it is known which call it becomes. */
export type Caller = Pick<PrincipalClaims, 'tid' | 'sub' | 'typ' | 'key' | 'sid' | 'scp' | 'plan' | 'mode' | 'pool'>;

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
