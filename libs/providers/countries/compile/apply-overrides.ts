import { foldName } from '@universal-api/providers-kit/local/fold-name';
import type { CompiledCountry } from '../src/local-countries/load-countries.ts';
import type { CountryOverride } from './overrides.ts';

/** The countries with the overrides in place. Errors: one of a country that is not there, so that the list stays true. */
export function applyOverrides(
  countries: readonly CompiledCountry[],
  overrides: readonly CountryOverride[],
): CompiledCountry[] {
  const byCode = new Map(countries.map((compiled) => [compiled.country.code, compiled]));
  for (const override of overrides) {
    const compiled = byCode.get(override.code);
    if (!compiled) throw new Error(`overrides.ts names a country that the source does not have: ${override.code}`);
    byCode.set(override.code, applyOverride(compiled, override));
  }
  return [...byCode.values()];
}

function applyOverride(compiled: CompiledCountry, override: CountryOverride): CompiledCountry {
  const { country, commonNames } = compiled;
  const { aliases = [], currencies = country.currencies, capitals = country.capitals } = override;
  return {
    ...compiled,
    country: { ...country, currencies: [...currencies], capitals: [...capitals] },
    commonNames: [...new Set([...commonNames, ...aliases.map(foldName)])],
  };
}
