import { ProviderFailure } from '../provider-failure.ts';

/**
 * Loads on the first call, then gives the same again; callers at once share one load, and a failed one is tried anew.
 * Errors: `ProviderFailure` of class `retry_elsewhere`, so that the router can go on.
 */
export function onFirstUse<Loaded>(provider: string, load: () => Loaded | Promise<Loaded>): () => Promise<Loaded> {
  let loading: Promise<Loaded> | undefined;
  return async () => {
    const attempt = (loading ??= (async () => load())());
    try {
      return await attempt;
    } catch (cause) {
      if (loading === attempt) loading = undefined;
      const internal = cause instanceof Error ? cause.message : String(cause);
      throw new ProviderFailure({ provider, failure: 'retry_elsewhere', internal, cause });
    }
  };
}
