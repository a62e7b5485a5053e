export { countriesProviders } from './countries-registry.ts';
