import type { z } from '@universal-api/config';
import type { AppSettings } from './http/create-app.ts';
import type { edgeVariables } from './config.ts';

/** The edge's variables as read. */
export type EdgeConfig = z.output<z.ZodObject<typeof edgeVariables>>;

/** What of the gateway's settings comes from variables that every way of running reads. */
export interface EdgeSettings extends Partial<AppSettings> {
  readonly publicBaseUrl?: string;
  readonly trustedProxies: readonly string[];
  /** Life of a verified key, ms; 5,000 unless told. */
  readonly keyCacheMs?: number;
  /** Keys and tokens remembered at most, each; 10,000 unless told. */
  readonly keyCacheSize?: number;
}

/** Variables → settings. `isOpenByDefault` decides what `ANONYMOUS_ACCESS=auto` means where the gateway runs. */
export function toEdgeSettings(config: EdgeConfig, isOpenByDefault: boolean): EdgeSettings {
  const { ANONYMOUS_ACCESS: anonymous } = config;
  return {
    publicBaseUrl: config.PUBLIC_BASE_URL,
    trustedProxies: config.TRUSTED_PROXIES,
    corsOrigins: config.CORS_ORIGINS,
    anonymousAccess: anonymous === 'on' || (anonymous === 'auto' && isOpenByDefault),
    deadlineMs: config.DEADLINE_MS,
    maxInFlight: config.MAX_IN_FLIGHT,
    shedReserved: config.SHED_RESERVED,
    keyCacheMs: config.AUTH_KEY_CACHE_S * 1000,
    keyCacheSize: config.AUTH_KEY_CACHE_SIZE,
  };
}
