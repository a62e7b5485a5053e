import type { ProviderManifest, ProviderOperation } from '@universal-api/providers-spec';
import { createBreaker, createBulkhead, type Breaker, type Bulkhead, type Clock } from '@universal-api/resilience';
import type { ConfiguredProvider } from '../configure-providers.ts';
import { createQuotaLedger, type QuotaLedger } from '../quota/quota-ledger.ts';
import type { LeftOut } from './reasons.ts';

/** What guards the calls to a remote provider. */
export interface Guards {
  /** Of this operation alone. */
  readonly breaker: Breaker;
  /** Of the provider, over all its operations. */
  readonly bulkhead: Bulkhead;
  readonly ledger: QuotaLedger;
  /** Between the starts of two calls of the whole installation, ms. */
  readonly slotIntervalMs?: number;
}

/** A provider in the chain of one operation. */
export interface Candidate {
  readonly id: string;
  readonly manifest: ProviderManifest;
  /** Absent if configuration leaves it out. */
  readonly ask?: ProviderOperation<never, unknown>;
  readonly leftOut?: LeftOut;
  readonly usesKey: boolean;
  readonly timeoutMs: number;
  readonly countries?: ReadonlySet<string>;
  /** Primary language subtags, lower case. */
  readonly languages?: ReadonlySet<string>;
  readonly hostNames: readonly string[];
  /** Absent for a local provider: nothing there can be down, slow to reach or used up. */
  readonly guards?: Guards;
}

/** Candidates by operation, each chain in the order of `providers`. */
export function createChains(
  providers: readonly ConfiguredProvider[],
  clock: Clock,
): ReadonlyMap<string, readonly Candidate[]> {
  const chains = new Map<string, Candidate[]>();
  // By id: a provider that serves several categories stands once for each, and has one allowance.
  const sharedById = new Map<string, Omit<Guards, 'breaker'>>();
  for (const configured of providers) {
    const { manifest, operations } = configured;
    const shared = manifest.kind === 'local' ? undefined : (sharedById.get(manifest.id) ?? createShared(configured));
    if (shared) sharedById.set(manifest.id, shared);
    for (const operation of operations) {
      const guards = shared && { ...shared, breaker: createBreaker({ clock }) };
      const chain = chains.get(operation) ?? [];
      chain.push(toCandidate(configured, operation, guards));
      chains.set(operation, chain);
    }
  }
  return chains;
}

function createShared({ quotas }: ConfiguredProvider): Omit<Guards, 'breaker'> {
  const intervals = quotas
    .filter(({ countedBy }) => countedBy === 'installation')
    .map(({ limit, windowS }) => (windowS * 1000) / limit);
  return {
    bulkhead: createBulkhead(),
    ledger: createQuotaLedger(quotas),
    slotIntervalMs: intervals.length > 0 ? Math.max(...intervals) : undefined,
  };
}

function toCandidate(configured: ConfiguredProvider, operation: string, guards: Guards | undefined): Candidate {
  const { manifest, provider, leftOut, usesKey } = configured;
  const facts = manifest.operations[operation];
  const ask = provider?.operations[operation];
  if (provider && !ask) throw new Error(`${manifest.id} declares ${operation} and does not have it`);
  return {
    id: manifest.id,
    manifest,
    ask,
    leftOut,
    usesKey,
    timeoutMs: facts?.timeoutMs ?? manifest.timeoutMs,
    countries: facts?.countries && new Set(facts.countries),
    languages: facts?.languages && new Set(facts.languages.map(primaryLanguage)),
    hostNames: configured.hostNames(operation),
    guards,
  };
}

/** The first subtag of a BCP 47 tag, lower case. */
export function primaryLanguage(tag: string): string {
  const end = tag.indexOf('-');
  return (end === -1 ? tag : tag.slice(0, end)).toLowerCase();
}
