import type { CredentialPool, KeyMode, Plan } from './tenants.ts';

/** Who a caller is: a user by a token, a key, nobody in particular, or a part of this product. */
export const principalTypes = ['user', 'key', 'anonymous', 'system'] as const;

/** A kind of caller. */
export type PrincipalType = (typeof principalTypes)[number];

/** Whether a call may be shed first: `critical` is identity and health, `normal` all else. */
export type Priority = 'normal' | 'critical';

/**
 * What the minting app says of the caller of one call. Ids are UUIDs without prefix, as in the database.
 * Source: platform.md 1.8.
 */
export interface PrincipalClaims {
  /** Tenant: the only place a service takes it from. */
  readonly tid: string;
  /** User; for a tenant's own key the lineage of that key; `anonymous`, or the acting app for `system`. */
  readonly sub: string;
  readonly typ: PrincipalType;
  /** Lineage of the key, when a key was used: buckets and budgets hang on it. */
  readonly key?: string;
  /** Session, when a token was used. */
  readonly sid?: string;
  /** Scopes that hold for this call. */
  readonly scp: readonly string[];
  readonly plan: Plan;
  readonly mode: KeyMode;
  readonly pri: Priority;
  /** Request id, as the caller sees it. */
  readonly rid: string;
  /** `call_id`, always ours: the ledger hangs on it. */
  readonly cid: string;
  /** Address of the client. */
  readonly cip?: string;
  /** Language the caller prefers (BCP 47). */
  readonly lang?: string;
  /** Whose provider credentials may be used; absent: `local`. */
  readonly pool?: CredentialPool;
  /** The service that calls on for somebody else. */
  readonly act?: string;
}

/** A verified caller of one call: the claims, and what binds them to service, method and time. */
export interface Principal extends PrincipalClaims {
  /** App that minted it. */
  readonly iss: string;
  /** Service it is for. */
  readonly aud: string;
  /** Full name of the method it is for. */
  readonly mth: string;
  /** Minted at, in seconds of the Unix epoch. */
  readonly iat: number;
  /** Refused from then on, in seconds of the Unix epoch; 30 s after `iat`. */
  readonly exp: number;
}

/** Name of the gRPC metadata entry that carries the signed principal. */
export const principalHeader = 'x-uapi-principal';

/** Seconds from minting to refusal. */
export const principalLifeSeconds = 30;

/** Milliseconds of the Unix epoch, as `Date.now` gives them. */
export type EpochClock = () => number;
