import type { ConfiguredProvider } from '@universal-api/providers-router';
import type {
  CallContext,
  CountryOperations,
  GeocodingOperations,
  ProviderOperation,
} from '@universal-api/providers-spec';
import type { Gazetteer } from './recognise.ts';

/** Names that the providers in process know; those that a configuration leaves out know nothing. Nothing leaves the process. */
export function createLocalGazetteer(providers: readonly ConfiguredProvider[], clock: { now(): number }): Gazetteer {
  const country = localOperation<CountryOperations['countries.get']>(providers, 'countries.get');
  const places = localOperation<GeocodingOperations['geocoding.forward']>(providers, 'geocoding.forward');

  async function ask<Q, A>(operation: ProviderOperation<Q, A> | undefined, question: Q, language: string) {
    if (!operation) return undefined;
    try {
      return await operation(question, lookUpContext(language, clock.now()));
    } catch {
      // A name that it does not know, or data that is not there: either way nothing is known of it, and nothing is planned on it.
      return undefined;
    }
  }

  return {
    country: (name) => ask(country, { code: name }, 'en'),
    async place(address, language) {
      const [best] = (await ask(places, { address, limit: 1, language }, language)) ?? [];
      return best && { name: best.name, population: best.population ?? 0, countryCode: best.countryCode };
    },
  };
}

function localOperation<Operation>(providers: readonly ConfiguredProvider[], id: string): Operation | undefined {
  const local = providers.find(
    ({ manifest, provider }) => manifest.kind === 'local' && provider && Object.hasOwn(manifest.operations, id),
  );
  // The registries pair operations with ids; here their types are not known.
  return local?.provider?.operations[id] as Operation | undefined;
}

/** Local data answers at once: a look-up needs neither a deadline nor a caller. */
function lookUpContext(language: string, now: number): CallContext {
  return {
    signal: new AbortController().signal,
    deadlineAt: now + 1_000,
    language,
    degrade: () => {},
    expiresAt: () => {},
  };
}
