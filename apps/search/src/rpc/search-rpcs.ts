import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { SearchService } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import { createListCategories } from './categories.ts';
import { readQuickWish, readUniversalWish } from './read-wish.ts';
import { createUniversalSearch, type UniversalParts } from './universal.ts';

/** The methods of `SearchService`. */
export function searchRpcs(parts: UniversalParts): ServiceHandlers<typeof SearchService, CallContext> {
  const { categories, router } = parts;
  const search = createUniversalSearch(parts);
  const list = createListCategories(categories, router);
  return {
    universal: async (request, context) =>
      search(readUniversalWish(request, { categories, preferred: context.principal.lang }), context),
    quick: async (request, context) =>
      search(readQuickWish(request, { categories, preferred: context.principal.lang }), context),
    categories: (_request, context) => Promise.resolve(list(context)),
  };
}
