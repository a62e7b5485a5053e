export { weatherProviders } from './weather-registry.ts';
