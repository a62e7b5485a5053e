import type { CallContext } from '@universal-api/grpc';
import { defaultsOf, type AnyHandler } from '@universal-api/protos';
import { RoutingOptionsSchema } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import { SearchService } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import type { Router } from '@universal-api/providers-router';
import type { Point } from '@universal-api/providers-spec';
import { categoryTable } from './category/category-table.ts';
import { handleCategory, type CategoryHandler } from './category/handle-category.ts';
import { createPageTokens } from './pages/page-token.ts';
import { productCategories } from './plan/product-categories.ts';
import { productOperations } from './rpc/operations/product-operations.ts';
import { searchRpcs } from './rpc/search-rpcs.ts';
import type { UniversalParts } from './rpc/universal.ts';

/** What the service's methods are made of. */
export interface SearchParts {
  readonly router: Router;
  /** ms since the epoch. */
  readonly clock: { now(): number };
  /** Key of page tokens, from `derivePageKey`. */
  readonly pageKey: Buffer;
  /** The country that a point lies in, ISO 3166-1 alpha-2. */
  readonly countryAt: (point: Point) => Promise<string | undefined>;
  /** What universal search needs beside the categories. */
  readonly universal: Omit<UniversalParts, 'router' | 'categories' | 'operations'>;
}

/** Handlers by the full name of their service, as `createGrpcServer` takes them. */
export type SearchServices = Readonly<Record<string, Readonly<Record<string, AnyHandler<CallContext>>>>>;

/** Every proto service of this app: for each method its row, and the methods of universal search over these. */
export function searchServices({ router, clock, pageKey, countryAt, universal }: SearchParts): SearchServices {
  const defaultDeadlineMs = Number(defaultsOf(RoutingOptionsSchema).get('deadlineMs'));
  const parts = { router, clock, defaultDeadlineMs, countryAt };
  const byOperation = new Map<string, CategoryHandler>();
  const services = categoryTable(createPageTokens(pageKey)).map(({ service, rows }) => {
    const handlers = Object.entries(rows).map(([name, row]) => {
      const handler = handleCategory(row, parts);
      byOperation.set(row.operation.id, handler);
      return [name, handler] as const;
    });
    return [service.typeName, Object.fromEntries(handlers)] as const;
  });
  const operations = productOperations((operation) => {
    const handler = byOperation.get(operation);
    if (!handler) throw new Error(`no row serves ${operation}`);
    return handler;
  });
  const rpcs = searchRpcs({ ...universal, router, categories: productCategories, operations });
  return { ...Object.fromEntries(services), [SearchService.typeName]: { ...rpcs } };
}
