import type { FailureClass } from '@universal-api/errors';

/** Where a credential is put in a request. Headers are preferred: what stands in a URL is redacted before it is logged. */
export type CredentialPlace = { readonly header: string; readonly prefix?: string } | { readonly query: string };

/** What a provider asks of its caller. `variable` is the environment variable that holds the credential. */
export type ProviderAuth =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'optional';
      readonly variable: string;
      readonly sentIn: CredentialPlace;
    }
  | { readonly kind: 'key'; readonly variable: string; readonly sentIn: CredentialPlace };

/** One allowance of a provider: `limit` units in each `windowS` seconds. */
export interface Quota {
  readonly unit: 'calls';
  readonly limit: number;
  readonly windowS: number;
  /** `sliding`: any window of that length; `calendar`: the window starts on the minute, hour or day (UTC). */
  readonly window: 'sliding' | 'calendar';
  /** `installation`: one count for all processes; `process`: each process counts for itself. */
  readonly countedBy: 'installation' | 'process';
}

/** How an answer that is not what was asked is recognised. The first rule whose given parts all match decides. */
export interface FailureRule {
  readonly status?: number;
  /** Header that must be present (name in lower case). */
  readonly header?: string;
  /** Matched against the first 2 KiB of the body. */
  readonly body?: RegExp;
  readonly failure: FailureClass;
  /** When a spent allowance comes back if no Retry-After says so: at the next full minute, hour or day, UTC. */
  readonly resets?: 'minute' | 'hour' | 'day';
}

/** What a provider does for one operation. */
export interface OperationFacts {
  /** Only these countries, ISO 3166-1 alpha-2; absent: everywhere. */
  readonly countries?: readonly string[];
  /** Only these languages, BCP 47; absent: all. */
  readonly languages?: readonly string[];
  /** Longest wait for one attempt, ms; absent: the manifest's. */
  readonly timeoutMs?: number;
  /** Name of the host that is asked; absent: `base`. */
  readonly host?: string;
  /** Name of the host that is asked with a credential; absent: the same. */
  readonly hostWithKey?: string;
  /** Where the data of this operation really comes from; absent: the manifest's. */
  readonly lineage?: string;
}

/** The facts about a provider, as data; each has its source in the manifest file. */
export interface ProviderManifest {
  /** Stable id, snake_case, such as `open_meteo`. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /** Page of its documentation. */
  readonly documentation: string;
  readonly kind: 'remote' | 'local';
  /** Operations it serves, by operation id such as `weather.current`. */
  readonly operations: Readonly<Record<string, OperationFacts>>;
  readonly auth: ProviderAuth;
  /** Hosts by name, the first named `base`; none for a local provider. `<PROVIDER>_<NAME>_URL` overrides one. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly quotas: readonly Quota[];
  /** Longest wait for one attempt, ms. */
  readonly timeoutMs: number;
  readonly licence: string;
  /** Text that must be shown with the data; empty: none is asked for. */
  readonly attribution: string;
  readonly commercialUse: 'yes' | 'no' | 'with_key';
  /** Whether answers may be kept; `maxStoreS` caps how long. */
  readonly mayBeStored: boolean;
  readonly maxStoreS?: number;
  /** Whether `Expires` and `Cache-Control` of its answers must be honoured. */
  readonly honoursExpiry: boolean;
  readonly unofficial: boolean;
  readonly enabledByDefault: boolean;
  /** Where its data really comes from: two providers of one lineage are one voice. */
  readonly lineage: string;
  readonly failureRules: readonly FailureRule[];
  /** Price of one call, nano-USD. */
  readonly costNanoUsd: bigint;
}
