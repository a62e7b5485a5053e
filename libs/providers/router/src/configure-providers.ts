import { AppError } from '@universal-api/errors';
import { hostNamesOf, hostSettings, needsNoLookup, type SettingsSource } from '@universal-api/providers-kit';
import type { Provider, ProviderManifest, Quota, RegistryEntry } from '@universal-api/providers-spec';
import type { LeftOut } from './candidates/reasons.ts';
import { resolveHomes, type ResolvedEntry } from './resolve-homes.ts';

/** A provider as this installation may use it, with the operations of one category. */
export interface ConfiguredProvider {
  /** Of the home: one that serves several categories stands once for each, always with the same manifest. */
  readonly manifest: ProviderManifest;
  /** Ids of the operations that are served here. */
  readonly operations: readonly string[];
  /** Absent if configuration leaves it out. */
  readonly provider?: Provider;
  readonly leftOut?: LeftOut;
  /** Whether calls carry the operator's credential. */
  readonly usesKey: boolean;
  /** Names to look up to ask it an operation; none for one that is left out, is local or stands at an address. */
  hostNames(operation: string): readonly string[];
  /** Allowances that hold: the manifest's, or none for the operator's own server. */
  readonly quotas: readonly Quota[];
}

/** What all providers of a process are configured from. */
export interface ConfigurationSource extends SettingsSource {
  /** `none` leaves every remote provider out. */
  readonly egress: 'all' | 'none';
}

/**
 * Providers as the environment configures them, in the order given: `<PROVIDER>_ENABLED` (`true`, `false`) over the
 * manifest's default, egress, credential, hosts. Only those that may be asked are made. A row of another category than
 * the provider's home is configured as its home is.
 *
 * Errors: `internal`, naming the variable, for a value that cannot be read (see also the kit's `hostSettings`); `Error`
 * for a home that is not there (`resolveHomes`).
 */
export function configureProviders(
  entries: readonly RegistryEntry[],
  source: ConfigurationSource,
): readonly ConfiguredProvider[] {
  return resolveHomes(entries).map((entry) => configureProvider(entry, source));
}

function configureProvider(entry: ResolvedEntry, source: ConfigurationSource): ConfiguredProvider {
  const { manifest, operations } = entry;
  const settings = hostSettings(manifest, source);
  const leftOut = whyLeftOut(manifest, source, settings.key !== undefined);
  const isOwnServer =
    !source.environment['UAPI_SIMULATOR_URL'] &&
    Object.entries(settings.hosts).some(([name, url]) => url !== manifest.hosts[name]);
  return {
    manifest,
    operations,
    ...(leftOut ? { leftOut } : { provider: entry.create(settings) }),
    usesKey: settings.key !== undefined,
    hostNames: (operation) =>
      leftOut ? [] : hostNamesOf(manifest, settings, operation).filter((name) => !needsNoLookup(name)),
    quotas: isOwnServer ? [] : manifest.quotas,
  };
}

function whyLeftOut(
  { id, kind, auth, enabledByDefault }: ProviderManifest,
  { environment, egress }: ConfigurationSource,
  hasKey: boolean,
): LeftOut | undefined {
  const variable = `${id.toUpperCase()}_ENABLED`;
  if (!isEnabled(variable, environment[variable], enabledByDefault)) {
    return { provider: id, reason: 'disabled', variable };
  }
  if (kind === 'remote' && egress === 'none') return { provider: id, reason: 'no_egress', variable: 'UAPI_EGRESS' };
  if (auth.kind === 'key' && !hasKey) return { provider: id, reason: 'no_credential', variable: auth.variable };
  return undefined;
}

function isEnabled(variable: string, text: string | undefined, byDefault: boolean): boolean {
  const value = text?.trim();
  if (!value) return byDefault;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new AppError('internal', { internal: `${variable} must be true or false` });
}
