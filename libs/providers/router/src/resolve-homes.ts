import type {
  AwayEntry,
  Provider,
  ProviderEntry,
  ProviderManifest,
  ProviderSettings,
  RegistryEntry,
} from '@universal-api/providers-spec';

/** A row of a registry with the only manifest of its provider, whichever category that lives in. */
export interface ResolvedEntry {
  readonly manifest: ProviderManifest;
  /** Ids of the operations that this row serves. */
  readonly operations: readonly string[];
  create(settings: ProviderSettings): Provider;
}

/**
 * Rows of all registries with each `homeOf` replaced by the manifest it names; the order stays, since it is that of the
 * chains. A row away from home serves the operations of its category, the home all others of its manifest.
 *
 * Errors: `Error` for a home that is not there, and for a category in which it declares nothing.
 */
export function resolveHomes(entries: readonly RegistryEntry[]): readonly ResolvedEntry[] {
  const homes = new Map(entries.filter(isAtHome).map(({ manifest }) => [manifest.id, manifest]));
  const away = entries.filter(isAway).map(({ manifest }) => manifest);
  return entries.map((entry) => {
    if (isAway(entry)) return resolveAway(entry, homes.get(entry.manifest.id));
    const { manifest } = entry;
    const elsewhere = away.filter(({ id }) => id === manifest.id);
    const operations = Object.keys(manifest.operations).filter(
      (operation) => !elsewhere.some(({ category }) => isOf(category, operation)),
    );
    return { manifest, operations, create: (settings) => entry.create(settings) };
  });
}

function resolveAway(entry: AwayEntry, manifest: ProviderManifest | undefined): ResolvedEntry {
  const { id, category } = entry.manifest;
  if (!manifest) throw new Error(`${id} of ${category} has no home in any registry`);
  const operations = Object.keys(manifest.operations).filter((operation) => isOf(category, operation));
  if (operations.length === 0) throw new Error(`${id} declares no operation of ${category} at its home`);
  return { manifest, operations, create: (settings) => entry.create(settings, manifest) };
}

function isAway(entry: RegistryEntry): entry is AwayEntry {
  return 'isElsewhere' in entry.manifest;
}

function isAtHome(entry: RegistryEntry): entry is ProviderEntry {
  return !isAway(entry);
}

function isOf(category: string, operation: string): boolean {
  return operation.startsWith(`${category}.`);
}
