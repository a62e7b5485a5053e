import type { PrincipalClaims } from '@universal-api/principal';

/** Who makes a request, before it is known which call it becomes. */
export type Caller = Pick<PrincipalClaims, 'tid' | 'sub' | 'typ' | 'key' | 'sid' | 'scp' | 'plan' | 'mode' | 'pool'>;

/** A caller whose credential was proved, and what the gateway must know of them beside that. */
export interface KnownCaller {
  readonly caller: Caller;
  /** Own rate limits by policy, of the key or of its tenant; absent: those of the plan. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
}
