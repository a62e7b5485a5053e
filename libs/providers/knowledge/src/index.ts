export { knowledgeProviders } from './knowledge-registry.ts';
