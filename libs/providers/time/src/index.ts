export { timeProviders } from './time-registry.ts';
