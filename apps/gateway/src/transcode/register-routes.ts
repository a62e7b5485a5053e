import { httpRules, methodsOf, type Contract } from '@universal-api/protos';
import { compileRoute, type Route } from './compile-route.ts';
import { createRouteTable, type RouteMatch, type RouteTable } from './route-table.ts';

/** Bases under which every rule is served, longest first: `/api` is v1 for ever. */
export const apiBases = ['/api/v1', '/api'] as const;

/** Every route of a contract. */
export interface ApiRoutes {
  readonly all: readonly Route[];
  /** Where `path` (percent-encoded, without query) leads; undefined when it is not below a base. */
  find(verb: string, path: string): RouteMatch<Route> | undefined;
}

/**
 * Every HTTP rule of a contract as a route, under both bases. One tree mounted once in Express instead of one Express route per
 * rule: Express tries its routes one after the other, and hundreds of them would cost more than the rest of a request.
 * Throws when two rules clash or a rule is wrong.
 */
export function registerRoutes(contract: Contract): ApiRoutes {
  const table: RouteTable<Route> = createRouteTable();
  const all = methodsOf(contract).flatMap((method) => httpRules(method).map((rule) => compileRoute(method, rule)));
  for (const route of all) table.add(route.rule.verb, route.template, route);
  return {
    all,
    find(verb, path) {
      const base = apiBases.find((candidate) => path.startsWith(`${candidate}/`));
      return base && table.find(verb, path.slice(base.length));
    },
  };
}
