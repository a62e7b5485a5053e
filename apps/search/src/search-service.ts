import type { CallContext } from '@universal-api/grpc';
import { defaultsOf, type AnyHandler } from '@universal-api/protos';
import { RoutingOptionsSchema } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import type { Router } from '@universal-api/providers-router';
import { categoryTable } from './category/category-table.ts';
import { handleCategory } from './category/handle-category.ts';
import { createPageTokens } from './pages/page-token.ts';

/** What the service's methods are made of. */
export interface SearchParts {
  readonly router: Router;
  /** ms since the epoch. */
  readonly clock: { now(): number };
  /** Key of page tokens, from `derivePageKey`. */
  readonly pageKey: Buffer;
}

/** Handlers by the full name of their service, as `createGrpcServer` takes them. */
export type SearchServices = Readonly<Record<string, Readonly<Record<string, AnyHandler<CallContext>>>>>;

/** Every proto service of this app: for each method its row. */
export function searchServices({ router, clock, pageKey }: SearchParts): SearchServices {
  const defaultDeadlineMs = Number(defaultsOf(RoutingOptionsSchema).get('deadlineMs'));
  const parts = { router, clock, defaultDeadlineMs };
  return Object.fromEntries(
    categoryTable(createPageTokens(pageKey)).map(({ service, rows }) => [
      service.typeName,
      Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, handleCategory(row, parts)])),
    ]),
  );
}
