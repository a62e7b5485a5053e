import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeLocalData } from '@universal-api/providers-kit/local/local-data-file';
import { applyOverrides } from './apply-overrides.ts';
import { overrides } from './overrides.ts';
import type { SourceCountry } from './source-country.ts';
import { toCompiledCountry } from './to-compiled-country.ts';

/**
 * Writes `countries.bin` into a folder: our own form of the countries of world-countries, with `overrides.ts` merged in.
 * It is a database derived from one under the ODbL, so it stays under the ODbL and in a file of its own.
 */
export async function compile(outputFolder: string): Promise<void> {
  const path = createRequire(import.meta.url).resolve('world-countries/countries.json');
  const sources = JSON.parse(await readFile(path, 'utf8')) as readonly SourceCountry[];
  const alpha2ByAlpha3 = new Map(sources.map(({ cca3, cca2 }) => [cca3, cca2]));
  const alpha2Of = (alpha3: string) => {
    const alpha2 = alpha2ByAlpha3.get(alpha3);
    if (!alpha2) throw new Error(`world-countries names a neighbour that it does not have: ${alpha3}`);
    return alpha2;
  };
  const byName = new Intl.Collator('en').compare;
  const compiled = sources.map((source) => toCompiledCountry(source, alpha2Of));
  const countries = applyOverrides(compiled, overrides).sort((one, other) =>
    byName(one.country.name, other.country.name),
  );
  await writeLocalData(join(outputFolder, 'countries.bin'), { countries: Buffer.from(JSON.stringify(countries)) });
}
