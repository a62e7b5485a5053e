export { geocodingProviders } from './geocoding-registry.ts';
