import type { ProviderManifest } from './manifest.ts';
import type { Provider, ProviderSettings } from './provider.ts';

/** Stands where a manifest would, in a category that is not the home of the provider. */
export interface HomeReference {
  /** Id of the provider. */
  readonly id: string;
  /** Category whose operations are served here; the home's manifest declares them like its own. */
  readonly category: string;
  readonly isElsewhere: true;
}

/**
 * The manifest of a provider that lives in another category: `homeOf('open_meteo', 'geocoding')`. The home holds the only
 * facts (hosts, key, quotas, failure rules), so that two categories never count one allowance twice. The router puts the
 * home's manifest in its place, and refuses a reference to a home that is not there.
 */
export function homeOf(id: string, category: string): HomeReference {
  return { id, category, isElsewhere: true };
}

/** A row of a category's registry for a provider with its home in another: made of the settings and facts of the home. */
export interface AwayEntry {
  readonly manifest: HomeReference;
  create(settings: ProviderSettings, manifest: ProviderManifest): Provider;
}
