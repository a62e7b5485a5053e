import { parseProfile } from './parse-profile.ts';
import type { Profile, SimulatedQuota } from './profile.ts';

/** Profiles by whom they are for: `*`, `<provider>` or `<provider>/<operation>`. */
export type ProfileTexts = Readonly<Record<string, string>>;

/** A profile as it holds for one operation. */
export interface EffectiveProfile extends Omit<Profile, 'quotas'> {
  /** Each with the name that its calls are counted under. */
  readonly quotas: readonly (SimulatedQuota & { readonly countedAs: string })[];
}

/** What can be played: the cases of the fixtures, by provider and operation. */
export type PlayableCases = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Profiles that were read, and what holds for an operation. */
export interface ProfileTable {
  readonly texts: ProfileTexts;
  /**
   * Of `latency`, `stall` and the faults, those of the most specific profile that has any hold; of quotas all do, counted
   * over what their profile is for: an operation, or all operations of a provider.
   */
  profileOf(provider: string, operation: string): EffectiveProfile;
}

/** Reads profiles. Errors: `Error`, a sentence that names the profile: unknown target, a part that cannot be read or played. */
export function createProfileTable(texts: ProfileTexts, playable: PlayableCases): ProfileTable {
  const profiles = new Map<string, Profile>();
  for (const [target, text] of Object.entries(texts)) profiles.set(target, readProfile(target, text, playable));
  return {
    texts: { ...texts },
    profileOf(provider, operation) {
      const levels = [
        { profile: profiles.get(`${provider}/${operation}`), countedAs: `${provider}/${operation}` },
        { profile: profiles.get(provider), countedAs: provider },
        { profile: profiles.get('*'), countedAs: `*/${provider}` },
      ];
      const first = <T>(read: (profile: Profile) => T | undefined): T | undefined =>
        levels.map(({ profile }) => profile && read(profile)).find((part) => part !== undefined);
      return {
        latency: first(({ latency }) => latency),
        stall: first(({ stall }) => stall),
        faults: first(({ faults }) => (faults.length > 0 ? faults : undefined)) ?? [],
        quotas: levels.flatMap(({ profile, countedAs }) =>
          (profile?.quotas ?? []).map((quota) => ({ ...quota, countedAs })),
        ),
      };
    },
  };
}

function readProfile(target: string, text: string, playable: PlayableCases): Profile {
  try {
    const cases = casesOf(target, playable);
    const profile = parseProfile(text);
    for (const { kind } of profile.faults) {
      if (kind !== 'timeout' && !cases.has(kind)) throw new Error(`no fixture has the case ${kind}`);
    }
    return profile;
  } catch (error) {
    throw new Error(`profile of ${target}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Every case that some operation of the target has a fixture of. */
function casesOf(target: string, playable: PlayableCases): ReadonlySet<string> {
  const [provider = '', operation] = target.split('/');
  const operations = target === '*' ? [...playable.values()] : [playable.get(provider)];
  const found = operations.flatMap((ofProvider) => {
    if (!ofProvider) throw new Error('there is no such provider');
    if (operation === undefined) return [...ofProvider.values()];
    const cases = ofProvider.get(operation);
    if (!cases) throw new Error('the provider has no such operation');
    return [cases];
  });
  return new Set(found.flatMap((cases) => [...cases]));
}
