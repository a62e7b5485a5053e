import type { ProviderEntry } from '@universal-api/providers-spec';
import { createLocalClockProvider } from './local-clock/local-clock-provider.ts';
import { manifest as localClock } from './local-clock/manifest.ts';
import { createLocalZonesProvider } from './local-zones/local-zones-provider.ts';
import { manifest as localZones } from './local-zones/manifest.ts';

/** Every provider of the category, in the order of its chains. */
export const timeProviders: readonly ProviderEntry[] = [
  { manifest: localClock, create: () => createLocalClockProvider() },
  { manifest: localZones, create: () => createLocalZonesProvider() },
];
