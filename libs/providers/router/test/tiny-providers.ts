import { createMemoryCache } from '@universal-api/cache';
import { silentLogger } from '@universal-api/logging';
import { ProviderFailure, type ProviderFailureOptions } from '@universal-api/providers-kit';
import type { ProviderManifest, ProviderOperation } from '@universal-api/providers-spec';
import type { KeptAnswer } from '../src/build-meta.ts';
import type { ConfiguredProvider } from '../src/configure-providers.ts';
import { createRouter, type Router, type RouterParts } from '../src/route-call.ts';
import type { RouteQuestion } from '../src/route-question.ts';

/** What a provider does in a test. */
export type Behaviour = ProviderOperation<unknown, unknown>;

/** The operation of most tests. */
export const operation = 'tests.ask';

export function tinyManifest(id: string, changes: Partial<ProviderManifest> = {}): ProviderManifest {
  return {
    id,
    name: id,
    documentation: 'https://example.org/docs',
    kind: 'remote',
    operations: { [operation]: {} },
    auth: { kind: 'none' },
    hosts: { base: 'http://127.0.0.1:9' },
    quotas: [],
    timeoutMs: 2000,
    licence: `licence of ${id}`,
    attribution: `by ${id}`,
    commercialUse: 'yes',
    mayBeStored: true,
    honoursExpiry: false,
    unofficial: false,
    enabledByDefault: true,
    lineage: id,
    failureRules: [],
    costNanoUsd: 0n,
    ...changes,
  };
}

/** A provider that does `behave` for each of its operations. */
export function tiny(
  id: string,
  behave: Behaviour,
  changes: Partial<ProviderManifest> = {},
  configured: Partial<ConfiguredProvider> = {},
): ConfiguredProvider {
  const manifest = tinyManifest(id, changes);
  const operations = Object.fromEntries(Object.keys(manifest.operations).map((name) => [name, behave]));
  return {
    manifest,
    operations: Object.keys(operations),
    provider: { manifest, operations },
    usesKey: false,
    hostNames: () => [],
    quotas: manifest.quotas,
    ...configured,
  };
}

/** A local provider. */
export function tinyLocal(id: string, behave: Behaviour): ConfiguredProvider {
  return tiny(id, behave, { kind: 'local', hosts: {} });
}

/** Answers with this. */
export function answers(value: unknown): Behaviour {
  return () => Promise.resolve(value);
}

/** Fails with this class. */
export function fails(
  failure: ProviderFailureOptions['failure'],
  more: Partial<ProviderFailureOptions> = {},
): Behaviour {
  return () => Promise.reject(new ProviderFailure({ provider: 'tiny', failure, ...more }));
}

/** Never answers; sees its signal, as a provider over the kit does. */
export const stalls: Behaviour = (_question, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(new ProviderFailure({ provider: 'tiny', failure: 'retry_elsewhere', internal: 'aborted' })),
    );
  });

/** A behaviour that counts its calls. */
export function counted(behave: Behaviour): Behaviour & { readonly calls: number } {
  const count = { calls: 0 };
  const counting: Behaviour = (question, context) => {
    count.calls += 1;
    return behave(question, context);
  };
  return Object.defineProperty(counting, 'calls', { get: () => count.calls }) as Behaviour & { readonly calls: number };
}

/** A router of these providers with a clock that stands until it is moved. */
export function tinyRouter(
  providers: readonly ConfiguredProvider[],
  changes: Partial<RouterParts> = {},
): { readonly router: Router; readonly clock: { time: number; now(): number } } {
  const clock = { time: 1_800_000_000_000, now: () => clock.time };
  const router = createRouter({
    providers,
    clock,
    cache: createMemoryCache<KeptAnswer>({ clock: changes.clock ?? clock }),
    network: { state: () => 'online', lookUp: () => undefined },
    callSlots: { reserve: () => Promise.resolve(0) },
    log: silentLogger,
    ...changes,
  });
  return { router, clock };
}

/** A question of the test operation, with 3 s to go. */
export function ask<A = string>(
  now: number,
  changes: Partial<RouteQuestion<unknown, A>> = {},
): RouteQuestion<unknown, A> {
  return {
    operation,
    question: { about: 'it' },
    key: ['it'],
    cacheClass: 'hour',
    language: 'en',
    deadlineAt: now + 3000,
    signal: new AbortController().signal,
    ...changes,
  };
}
