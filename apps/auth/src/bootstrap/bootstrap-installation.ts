import { Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { makeApiKey, platformScopes, roleScopes, type KeyRing, type RandomBytes } from '@universal-api/principal';
import { macSecret } from '../key-mac.ts';
import type { InstallationStore } from '../store/installation-store.ts';

/** What the bootstrap works with. */
export interface BootstrapParts {
  readonly installation: InstallationStore;
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
  readonly randomBytes: RandomBytes;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
}

/** The key that runs the installation, to be shown to whoever starts it, once. */
export interface InstallationKey {
  readonly key: Secret;
  /** Public part, safe in logs. */
  readonly id12: string;
}

/** How a start found the installation: it made the key, or one had been shown before (public part, while it works). */
export type Bootstrapped =
  { readonly kind: 'made'; readonly id12: string } | { readonly kind: 'kept'; readonly id12: string | undefined };

/**
 * Gives tenant `default`, at the first start, plan `unlimited`, pool `shared` and one `live` key with the scopes of owner
 * and operator and no expiry (platform.md 1.10). `show` gets the key once and must have it in front of the holder, within
 * seconds, when it returns; then the key is marked as shown. A start that ends in between leaves a key that nobody may have
 * seen: the next one revokes it and makes another. Starts at the same time wait for each other, so one key is made.
 *
 * Errors: what `show` throws; `internal` if the key was replaced while it was shown; `service_unavailable` while PostgreSQL
 * is away; `deadline_exceeded` if another start holds the lock for 10 s.
 */
export async function bootstrapInstallation(
  parts: BootstrapParts,
  show: (made: InstallationKey) => void | Promise<void>,
): Promise<Bootstrapped> {
  const { installation } = parts;
  return installation.alone(async () => {
    const state = await installation.read();
    if (state.isSeen) return { kind: 'kept', id12: state.id12 };
    const { keyId, text, id12 } = await makeInstallationKey(parts);
    await show({ key: new Secret(text), id12 });
    if (await installation.markShown(keyId)) return { kind: 'made', id12 };
    throw new AppError('internal', { internal: `the installation key ${id12} was replaced while it was shown` });
  });
}

async function makeInstallationKey(parts: BootstrapParts) {
  const [pepper] = parts.peppers;
  const { text, id12, secret32, last4 } = makeApiKey('live', parts.randomBytes);
  const keyId = parts.newId();
  const mac = macSecret(pepper, secret32);
  const scopes = [...roleScopes.owner, ...platformScopes];
  await parts.installation.make({ keyId, id12, lineageId: keyId, mac, pepperVersion: pepper.version, last4, scopes });
  return { keyId, text, id12 };
}
