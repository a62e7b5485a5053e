import { freshForMs, isCacheClass } from '@universal-api/cache';
import type { CallContext } from '@universal-api/grpc';
import { methodRules, methodsOf, productContract, type MessageInitShape } from '@universal-api/protos';
import type { CategoriesResponseSchema } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import type { Router } from '@universal-api/providers-router';
import type { SearchCategory } from '../plan/search-category.ts';

/** The categories by id: who answers in each, whether anybody may now, and how long an answer stays fresh. Calls nobody. */
export function createListCategories(categories: readonly SearchCategory[], router: Pick<Router, 'available'>) {
  const ttlOf = freshnessByOperation();
  return (context: CallContext): MessageInitShape<typeof CategoriesResponseSchema> => {
    const keylessOnly = context.principal.typ === 'anonymous';
    const facts = categories.map(({ id, name, description, keywords, aliases, kind, operation }) => {
      const chain = router.available(operation, { keylessOnly });
      return {
        id,
        name,
        description,
        keywords: [...keywords],
        aliases: [...aliases],
        kind,
        available: chain.some(({ reason }) => reason === undefined),
        providers: chain.map(({ provider }) => provider),
        ttlS: ttlOf.get(operation) ?? 0,
      };
    });
    return { categories: facts.sort((one, other) => (one.id < other.id ? -1 : 1)), total: facts.length };
  };
}

/** Seconds for which answers of each operation stay fresh, by its method's cache class; the longest a number can say for those without end. */
function freshnessByOperation(): ReadonlyMap<string, number> {
  const longestS = 2 ** 32 - 1;
  return new Map(
    methodsOf(productContract()).map((method) => {
      const { operation, cacheClass } = methodRules(method);
      const freshMs = isCacheClass(cacheClass) ? freshForMs({ cacheClass, now: 0 }) : 0;
      return [operation, Math.min(longestS, freshMs / 1000)];
    }),
  );
}
