import type { ProviderEntry } from '@universal-api/providers-spec';
import { manifest as meteoalarm } from './meteoalarm/manifest.ts';
import { createMeteoalarmProvider } from './meteoalarm/meteoalarm-provider.ts';
import { manifest as metNorway } from './met-norway/manifest.ts';
import { createMetNorwayProvider } from './met-norway/met-norway-provider.ts';
import { manifest as nws } from './nws/manifest.ts';
import { createNwsProvider } from './nws/nws-provider.ts';
import { manifest as openMeteo } from './open-meteo/manifest.ts';
import { createOpenMeteoProvider } from './open-meteo/open-meteo-provider.ts';
import { manifest as weatherapi } from './weatherapi/manifest.ts';
import { createWeatherapiProvider } from './weatherapi/weatherapi-provider.ts';

/**
 * Every provider of the category, in the order of the chains. For warnings in the United States and in Norway it does not
 * matter which of both comes first: no place is in both.
 */
export const weatherProviders: readonly ProviderEntry[] = [
  { manifest: openMeteo, create: createOpenMeteoProvider },
  { manifest: metNorway, create: createMetNorwayProvider },
  { manifest: nws, create: (settings) => createNwsProvider(settings) },
  { manifest: meteoalarm, create: (settings) => createMeteoalarmProvider(settings) },
  { manifest: weatherapi, create: createWeatherapiProvider },
];
