export { derivePageKey } from './pages/page-token.ts';
export { searchServices, type SearchParts, type SearchServices } from './search-service.ts';
