import { failureClasses } from '@universal-api/errors';
import type { ProviderManifest, RegistryEntry } from '@universal-api/providers-spec';

/** Complaints about a manifest, each a sentence that names the provider and the field; empty if there are none. */
export function checkManifest(manifest: ProviderManifest): readonly string[] {
  const complaints = [
    ...identity(manifest),
    ...network(manifest),
    ...allowances(manifest),
    ...operations(manifest),
    ...failureRules(manifest),
  ];
  return complaints.map((complaint) => `${manifest.id}: ${complaint}`);
}

/**
 * Complaints about a category's registry: each manifest's own (those of another home are checked there), ids that stand
 * twice, a chain without its local end.
 */
export function checkRegistry(entries: readonly RegistryEntry[]): readonly string[] {
  const ids = entries.map(({ manifest }) => manifest.id);
  const isLocal = ({ manifest }: RegistryEntry) => 'kind' in manifest && manifest.kind === 'local';
  const isOn = ({ manifest }: RegistryEntry) => !('kind' in manifest) || manifest.enabledByDefault;
  const firstLocal = entries.findIndex(isLocal);
  return [
    ...entries.flatMap(({ manifest }) => ('kind' in manifest ? checkManifest(manifest) : [])),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: stands twice in the registry`),
    ...entries
      .slice(firstLocal === -1 ? entries.length : firstLocal)
      .filter((entry) => !isLocal(entry) && isOn(entry))
      .map(({ manifest }) => `${manifest.id}: a remote provider stands after a local one`),
  ];
}

function identity({ id, name, documentation, licence, lineage, timeoutMs, costNanoUsd, ...rest }: ProviderManifest) {
  return complain([
    [/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(id), 'id must be snake_case'],
    [name.trim() !== '', 'name is empty'],
    [isHttps(documentation), 'documentation must be an https URL'],
    [licence.trim() !== '', 'licence is empty'],
    [lineage.trim() !== '', 'lineage is empty'],
    [Number.isInteger(timeoutMs) && timeoutMs >= 100 && timeoutMs <= 30_000, 'timeoutMs must be 100 to 30,000'],
    [costNanoUsd >= 0n, 'costNanoUsd is negative'],
    [rest.maxStoreS === undefined || rest.mayBeStored, 'maxStoreS has no meaning while mayBeStored is false'],
    [rest.commercialUse !== 'with_key' || rest.auth.kind !== 'none', 'commercialUse with_key needs a key'],
  ]);
}

function network({ kind, hosts, auth }: ProviderManifest) {
  const names = Object.keys(hosts);
  if (kind === 'local') {
    return complain([
      [names.length === 0, 'a local provider has no hosts'],
      [auth.kind === 'none', 'a local provider has no credential'],
    ]);
  }
  return complain([
    [names[0] === 'base', 'the first host must be named base'],
    [names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)), 'names of hosts must be snake_case'],
    [
      Object.values(hosts).every((url) => /^https?:\/\/[^/].*[^/]$/.test(url)),
      'hosts must be URLs without a last slash',
    ],
    [auth.kind === 'none' || /^[A-Z][A-Z0-9_]*$/.test(auth.variable), 'the variable of the key must be UPPER_CASE'],
    [
      auth.kind === 'none' || !('header' in auth.sentIn) || isHeaderName(auth.sentIn.header),
      'the header of the key must be in lower case',
    ],
  ]);
}

function allowances({ quotas }: ProviderManifest) {
  return complain(
    quotas.map(({ limit, windowS }, index) => [
      Number.isInteger(limit) && limit > 0 && Number.isInteger(windowS) && windowS > 0,
      `quotas[${index}] must have a whole limit and window above 0`,
    ]),
  );
}

function operations({ operations: facts }: ProviderManifest) {
  const ids = Object.keys(facts);
  return complain([
    [ids.length > 0, 'operations is empty'],
    ...ids.map((id): Rule => [/^[a-z_]+\.[a-z_]+$/.test(id), `operation ${id} must be category.operation`]),
    ...Object.entries(facts).flatMap(([id, { countries }]): Rule[] =>
      (countries ?? []).map((code) => [/^[A-Z]{2}$/.test(code), `operation ${id}: ${code} is no alpha-2 code`]),
    ),
  ]);
}

function failureRules({ failureRules: rules }: ProviderManifest) {
  return complain(
    rules.flatMap(({ status, header, body, failure, resets }, index): Rule[] => [
      [status !== undefined || header !== undefined || !!body, `failureRules[${index}] matches everything`],
      [failureClasses.includes(failure), `failureRules[${index}]: unknown class ${failure}`],
      [!body || !/[gy]/.test(body.flags), `failureRules[${index}]: a pattern with g or y remembers its last match`],
      [!header || isHeaderName(header), `failureRules[${index}]: the header must be in lower case`],
      [!resets || failure === 'quota_exhausted', `failureRules[${index}]: resets is for quota_exhausted`],
    ]),
  );
}

type Rule = [holds: boolean, complaint: string];

function complain(rules: readonly Rule[]): readonly string[] {
  return rules.filter(([holds]) => !holds).map(([, complaint]) => complaint);
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

function isHeaderName(text: string): boolean {
  return /^[a-z0-9-]+$/.test(text);
}
