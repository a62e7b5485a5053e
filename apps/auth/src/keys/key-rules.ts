import { AppError, type FieldError } from '@universal-api/errors';
import { callerPolicies, planMultipliers, rateClasses, type Plan } from '@universal-api/limits';
import { hasScope, isNetwork, isScope, type KeyMode } from '@universal-api/principal';

/** Live keys of a tenant, at most (platform.md 1.4). */
export const maxLiveKeys = 100;

/** Days until a key ends when nobody says. */
export const defaultExpiryDays = 90;

/** Days that a key lives, at most, unless it has no end. */
export const maxExpiryDays = 365;

/** As high as any limit goes, where the plan has none. */
const maxUnits = 1_000_000;
const maxMetadata = 20;
const maxMetadataName = 64;
const maxMetadataValue = 256;

/** Units on plan `free` by policy, of those that count a key: its own, and those of the classes it calls. */
const keyPolicies: ReadonlyMap<string, number> = new Map([
  ['key-min', callerPolicies['key-min'].q],
  ...Object.entries(rateClasses).flatMap(([name, rates]) => policiesOf(name, rates)),
]);

function policiesOf(name: string, rates: { min?: number; hour?: number; byIp?: true }): [string, number][] {
  if (rates.byIp) return [];
  const found: [string, number][] = [];
  if (rates.min !== undefined) found.push([`${name}-min`, rates.min]);
  if (rates.hour !== undefined) found.push([`${name}-hour`, rates.hour]);
  return found;
}

/** What a key may be told beside its name, as it came in. */
export interface KeyTerms {
  readonly scopes?: readonly string[];
  readonly ipAllow?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Refuses what no key can have, whoever makes it. Errors: `invalid_request`, naming each field. */
export function checkTerms({ scopes, ipAllow = [], limits = {}, metadata = {} }: KeyTerms, plan: Plan): void {
  const errors: FieldError[] = [];
  const say = (field: string, rule: string) => errors.push({ field, rule });
  if (scopes?.length === 0) say('scopes', 'at least one');
  (scopes ?? []).forEach((scope, index) => {
    if (!isScope(scope)) say(`scopes[${index}]`, 'no such scope');
  });
  ipAllow.forEach((network, index) => {
    if (!isNetwork(network)) say(`ip_allow[${index}]`, 'a network such as 192.0.2.0/24');
  });
  for (const [policy, q] of Object.entries(limits)) {
    const most = mostOf(policy, plan);
    if (most === undefined) say(`limits.${policy}`, 'no such policy of a key');
    else if (q < 1 || q > most) say(`limits.${policy}`, `1 to ${most}`);
  }
  const words = Object.entries(metadata);
  if (words.length > maxMetadata) say('metadata', `at most ${maxMetadata} entries`);
  if (words.some(([name, value]) => name.length > maxMetadataName || value.length > maxMetadataValue))
    say('metadata', `names of at most ${maxMetadataName}, values of at most ${maxMetadataValue} characters`);
  if (errors.length > 0) throw new AppError('invalid_request', { errors });
}

/** Refuses to pass on what the caller does not hold. Errors: `permission_denied`, naming the scopes. */
export function requireHeld(held: readonly string[], wanted: readonly string[]): void {
  const beyond = wanted.filter((scope) => !hasScope(held, scope));
  if (beyond.length === 0) return;
  throw new AppError('permission_denied', { detail: `You do not hold ${beyond.join(', ')}, so no key of yours can.` });
}

/** Refuses a key that spends to who holds one that never does. Errors: `permission_denied`. */
export function requireMode(held: KeyMode, wanted: KeyMode): void {
  if (held === 'test' && wanted === 'live')
    throw new AppError('permission_denied', { detail: 'A test key makes and rotates test keys alone.' });
}

/** Scopes once each, in the order given. */
export function distinct(scopes: readonly string[]): string[] {
  return [...new Set(scopes)];
}

/** Units that the plan gives a key under a policy; `undefined`: not a policy that counts a key. */
function mostOf(policy: string, plan: Plan): number | undefined {
  const q = keyPolicies.get(policy);
  return q === undefined ? undefined : Math.min(q * planMultipliers[plan], maxUnits);
}
