import { commentsOf, httpRules, methodRules, type Contract, type DescService } from '@universal-api/protos';
import type { Example } from './load-examples.ts';
import { headers } from './operation/headers.ts';
import { problemComponents } from './operation/problem-responses.ts';
import { securitySchemes } from './operation/security.ts';
import { requestHeaders, tagOf, toOperation } from './operation/to-operation.ts';
import { createComponentSchemas, described, type ComponentSchemas } from './schema/component-schemas.ts';
import { problemSchema } from './schema/problem-schema.ts';
import type { Schema } from './schema/well-known-schemas.ts';

/** What a document says beside the contract. */
export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  /** What the paths are relative to, such as `/api/v1`. */
  readonly serverUrl: string;
  /** By operation (`weather.current`); by RPC name for a method that has none. */
  readonly examples: ReadonlyMap<string, Example>;
}

/**
 * The OpenAPI 3.1 document of a contract: one operation per HTTP rule, in the order of services by name and methods as
 * declared. An operation is called as its RPC, further bindings `<Rpc>_2` and so on with `x-alias-of`. The same
 * contract gives the same bytes. Throws on rules that contradict the messages, and on names used twice.
 * Source: OpenAPI Specification 3.1.1; JSON by the ProtoJSON mapping, in proto spelling.
 */
export function toOpenApi(contract: Contract, options: OpenApiOptions): object {
  const components = createComponentSchemas(contract.registry, ['Problem']);
  components.add('Problem', problemSchema);
  const services = publicServices(contract);
  const paths = toPaths(services, components, options.examples);
  return {
    openapi: '3.1.1',
    info: {
      title: options.title,
      version: options.version,
      description:
        'One API in front of many providers. Every answer says in `meta` who gave it and what is less than was asked; every refusal is a problem document that says what to do next.',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.serverUrl }],
    tags: services.map(toTag),
    paths,
    components: {
      schemas: components.all(),
      responses: problemComponents(),
      parameters: requestHeaders,
      headers,
      securitySchemes,
    },
  };
}

function publicServices(contract: Contract): DescService[] {
  return [...contract.services.values()]
    .filter((service) => service.methods.some((method) => httpRules(method).length > 0))
    .sort((a, b) => (a.typeName < b.typeName ? -1 : 1));
}

function toTag(service: DescService): Schema {
  const [method] = service.methods;
  return { name: method ? tagOf(method) : service.name, ...described(commentsOf(service)) };
}

function toPaths(
  services: readonly DescService[],
  components: ComponentSchemas,
  examples: ReadonlyMap<string, Example>,
): Record<string, Schema> {
  const paths: Record<string, Record<string, Schema>> = {};
  const names = new Set<unknown>();
  for (const method of services.flatMap((service) => service.methods)) {
    const example = examples.get(methodRules(method).operation || method.name);
    for (const rule of httpRules(method)) {
      const { path, verb, operation } = toOperation(method, rule, components, example);
      if (names.has(operation['operationId'])) throw new Error(`two operations are called ${operation['operationId']}`);
      names.add(operation['operationId']);
      const verbs = (paths[path] ??= {});
      if (verbs[verb]) throw new Error(`two operations answer ${verb} ${path}`);
      verbs[verb] = operation;
    }
  }
  return paths;
}
