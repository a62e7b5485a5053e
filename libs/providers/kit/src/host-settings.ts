import { loadConfig, z, type Environment } from '@universal-api/config';
import type { ProviderHttp, ProviderManifest, ProviderSettings } from '@universal-api/providers-spec';
import { loadKey } from './load-key.ts';

/** What one process has once for all its providers. */
export interface SettingsSource {
  readonly environment: Environment;
  readonly http: ProviderHttp;
  /** Of the product, for the User-Agent. */
  readonly version: string;
}

/**
 * A provider's settings from its manifest and the environment: hosts (`UAPI_SIMULATOR_URL` before
 * `<PROVIDER>_<NAME>_URL` before the manifest), key, and a User-Agent with `UAPI_CONTACT`.
 * Errors: `ConfigError`, naming the variable, for a URL that cannot be a host's and for `loadKey`'s.
 */
export function hostSettings(manifest: ProviderManifest, source: SettingsSource): ProviderSettings {
  const { environment, http, version } = source;
  const key = manifest.auth.kind === 'none' ? undefined : loadKey(manifest.auth.variable, environment);
  const userAgent = toUserAgent(version, environment['UAPI_CONTACT']);
  return { hosts: hostsOf(manifest, environment), key, userAgent, http };
}

/** Names to look up before an operation is asked with the credential that there is; empty for a local provider. */
export function hostNamesOf(
  { operations }: ProviderManifest,
  settings: Pick<ProviderSettings, 'hosts' | 'key'>,
  operation: string,
): readonly string[] {
  const { host = 'base', hostWithKey = host } = operations[operation] ?? {};
  const url = settings.hosts[settings.key ? hostWithKey : host];
  return url === undefined ? [] : [new URL(url).hostname];
}

/** `universal-api/<version>`, and the operator's contact, as upstreams ask for, in a comment (RFC 9110 section 10.1.5). */
export function toUserAgent(version: string, contact?: string): string {
  const comment = contact?.replace(/[^\x20-\x7e]|[()\\]/g, '').trim();
  return comment ? `universal-api/${version} (${comment})` : `universal-api/${version}`;
}

/** Paths are appended to it, so nothing may come after its own, and a slash at the end is cut. */
const hostUrl = z
  .string()
  .trim()
  .refine(isHostUrl, 'an absolute http or https URL without credentials, query or fragment')
  .transform((url) => url.replace(/\/+$/, ''))
  .optional();

function hostsOf({ id, hosts }: ProviderManifest, environment: Environment): Record<string, string> {
  const variableOf = (name: string): string => `${id}_${name}_URL`.toUpperCase();
  const names = ['UAPI_SIMULATOR_URL', ...Object.keys(hosts).map(variableOf)];
  const given = loadConfig(z.object(Object.fromEntries(names.map((name) => [name, hostUrl]))), environment);
  const simulator = given['UAPI_SIMULATOR_URL'];
  return Object.fromEntries(
    Object.entries(hosts).map(([name, url]) => [
      name,
      simulator ? `${simulator}/${id}/${name}` : (given[variableOf(name)] ?? url),
    ]),
  );
}

function isHostUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && !search && !hash && !username;
}
