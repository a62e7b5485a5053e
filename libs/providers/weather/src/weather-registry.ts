import type { ProviderEntry } from '@universal-api/providers-spec';
import { manifest as metNorway } from './met-norway/manifest.ts';
import { createMetNorwayProvider } from './met-norway/met-norway-provider.ts';
import { manifest as openMeteo } from './open-meteo/manifest.ts';
import { createOpenMeteoProvider } from './open-meteo/open-meteo-provider.ts';

/** Every provider of the category, in the order of the chain. */
export const weatherProviders: readonly ProviderEntry[] = [
  { manifest: openMeteo, create: createOpenMeteoProvider },
  { manifest: metNorway, create: createMetNorwayProvider },
];
