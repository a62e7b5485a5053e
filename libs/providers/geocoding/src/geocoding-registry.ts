import type { RegistryEntry } from '@universal-api/providers-spec';
import { createLocalCitiesProvider } from './local-cities/local-cities-provider.ts';
import { manifest as localCities } from './local-cities/manifest.ts';
import { manifest as nominatim } from './nominatim/manifest.ts';
import { createNominatimProvider } from './nominatim/nominatim-provider.ts';
import { manifest as openMeteo } from './open-meteo/manifest.ts';
import { createOpenMeteoProvider } from './open-meteo/open-meteo-provider.ts';
import { manifest as opencage } from './opencage/manifest.ts';
import { createOpencageProvider } from './opencage/opencage-provider.ts';
import { manifest as photon } from './photon/manifest.ts';
import { createPhotonProvider } from './photon/photon-provider.ts';
import { manifest as positionstack } from './positionstack/manifest.ts';
import { createPositionstackProvider } from './positionstack/positionstack-provider.ts';

/** Every provider of the category, in the order of the chain; the local one, which always answers, is last. */
export const geocodingProviders: readonly RegistryEntry[] = [
  { manifest: nominatim, create: createNominatimProvider },
  { manifest: photon, create: createPhotonProvider },
  { manifest: opencage, create: createOpencageProvider },
  { manifest: positionstack, create: createPositionstackProvider },
  { manifest: openMeteo, create: createOpenMeteoProvider },
  { manifest: localCities, create: createLocalCitiesProvider },
];
