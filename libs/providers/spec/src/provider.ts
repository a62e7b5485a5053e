import type { CallContext } from './call-context.ts';
import type { AwayEntry } from './home-of.ts';
import type { ProviderManifest } from './manifest.ts';
import type { ProviderHttp } from './provider-http.ts';

/** One operation of a provider: question in, answer out; throws nothing but `ProviderFailure` (see `providers-kit`). */
export type ProviderOperation<Question, Answer> = (question: Question, context: CallContext) => Promise<Answer>;

/** What every provider is: its facts, and its operations by operation id. */
export interface Provider {
  readonly manifest: ProviderManifest;
  // A provider's operations have types of their own; `OperationOf` in each category file gives them back.
  readonly operations: Readonly<Record<string, ProviderOperation<never, unknown>>>;
}

/** What a provider's factory is given: everything that configuration may change. */
export interface ProviderSettings {
  /** Hosts by name as configured now: the manifest's, an override or the simulator's. */
  readonly hosts: Readonly<Record<string, string>>;
  /** The credential, if one is configured; it prints as `***`. */
  readonly key?: { reveal(): string };
  /** Sent as User-Agent, with the operator's contact if there is one. */
  readonly userAgent: string;
  /** The way out; one for all providers of a process. */
  readonly http: ProviderHttp;
}

/** A row of a category's registry: the facts, and how the provider is made. A local provider ignores the settings. */
export interface ProviderEntry {
  readonly manifest: ProviderManifest;
  create(settings: ProviderSettings): Provider;
}

/** Any row of a category's registry. */
export type RegistryEntry = ProviderEntry | AwayEntry;
