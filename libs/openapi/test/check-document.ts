type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords of JSON Schema 2020-12 and of the OpenAPI 3.1 base vocabulary that we have a use for. */
const schemaKeywords = new Set([
  ...['$ref', 'type', 'enum', 'const', 'format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems'],
  ...['maxItems', 'items', 'properties', 'required', 'additionalProperties', 'propertyNames', 'allOf', 'anyOf'],
  ...['oneOf', 'not', 'description', 'default', 'examples', 'deprecated', 'contentEncoding', 'title'],
]);
const schemaTypes = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array']);

/** Everything that is wrong with an OpenAPI 3.1 document, in words; empty when nothing is. */
export function complaintsAboutDocument(document: object): string[] {
  const root = document as Node;
  return [...brokenReferences(root), ...brokenOperations(root), ...brokenSchemas(root)];
}

/** Every operation of a document, with its path and verb. */
export function operationsOf(document: object): { path: string; verb: string; operation: Node }[] {
  const paths = (document as Node)['paths'] as Record<string, Record<string, Node>>;
  return Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation })),
  );
}

function* nodesOf(value: unknown, at = '#'): Generator<{ at: string; node: Node }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* nodesOf(item, `${at}/${index}`);
  } else if (isNode(value)) {
    yield { at, node: value };
    for (const [key, item] of Object.entries(value)) yield* nodesOf(item, `${at}/${key}`);
  }
}

/** What a reference points to; undefined when it points nowhere. */
export function resolve(document: object, reference: string): unknown {
  const steps = reference.split('/').slice(1);
  return steps.reduce<unknown>((value, step) => (isNode(value) ? value[step] : undefined), document);
}

function brokenReferences(root: Node): string[] {
  return [...nodesOf(root)].flatMap(({ at, node }) => {
    const reference = node['$ref'];
    if (typeof reference !== 'string') return [];
    return reference.startsWith('#/') && resolve(root, reference) !== undefined
      ? []
      : [`${at}: ${reference} is nowhere`];
  });
}

function brokenOperations(root: Node): string[] {
  const operations = operationsOf(root);
  const ids = operations.map(({ operation }) => String(operation['operationId']));
  const tags = new Set((root['tags'] as Node[]).map((tag) => tag['name']));
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`);
  const shapes = operations.map(({ path }) => path.replace(/\{[^}]+\}/g, '{}'));
  const paths = new Map(operations.map(({ path }, index) => [path, shapes[index]]));
  const alike = [...paths].filter(([path, shape]) => [...paths].some(([p, s]) => p !== path && s === shape));
  return [
    ...twice,
    ...alike.map(([path]) => `${path} cannot be told from another path`),
    ...operations.flatMap(({ path, operation }) => {
      const parameters = ((operation['parameters'] ?? []) as Node[]).map((node) =>
        typeof node['$ref'] === 'string' ? (resolve(root, node['$ref']) as Node) : node,
      );
      const inPath = parameters.filter((node) => node['in'] === 'path');
      const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const keys = parameters.map((node) => `${node['in']}:${node['name']}`);
      const name = String(operation['operationId']);
      return [
        ...(JSON.stringify(inPath.map((node) => node['name'])) === JSON.stringify(variables)
          ? []
          : [`${name}: ${path}`]),
        ...inPath.filter((node) => node['required'] !== true).map(() => `${name}: a path parameter is not required`),
        ...keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${name}: ${key} twice`),
        ...parameters.filter((node) => !isNode(node['schema'])).map((node) => `${name}: ${node['name']} has no schema`),
        ...(operation['tags'] as string[]).filter((tag) => !tags.has(tag)).map((tag) => `${name}: no tag ${tag}`),
        ...(Object.keys(operation['responses'] as Node).some((status) => status.startsWith('2'))
          ? []
          : [`${name}: no 2xx`]),
      ];
    }),
  ];
}

function brokenSchemas(root: Node): string[] {
  const components = (root['components'] as Node)['schemas'] as Node;
  const roots = [
    ...Object.entries(components).map(([name, schema]) => ({ at: name, schema })),
    ...[...nodesOf(root['paths'], 'paths'), ...nodesOf(root['components'], 'components')].flatMap(({ at, node }) =>
      isNode(node['schema']) ? [{ at, schema: node['schema'] }] : [],
    ),
  ];
  return roots.flatMap(({ at, schema }) => [...brokenSchema(schema, at)]);
}

function* brokenSchema(schema: unknown, at: string): Generator<string> {
  if (typeof schema === 'boolean') return;
  if (!isNode(schema)) return void (yield `${at} is no schema`);
  for (const key of Object.keys(schema)) if (!schemaKeywords.has(key)) yield `${at}: ${key} is no keyword`;
  if ('type' in schema && !schemaTypes.has(String(schema['type']))) yield `${at}: type ${schema['type']}`;
  if (typeof schema['pattern'] === 'string') new RegExp(schema['pattern'], 'u');
  const properties = schema['properties'];
  if (isNode(properties)) {
    for (const name of (schema['required'] ?? []) as string[])
      if (!(name in properties)) yield `${at}: required ${name}`;
    for (const [name, property] of Object.entries(properties)) yield* brokenSchema(property, `${at}.${name}`);
  }
  for (const key of ['items', 'additionalProperties', 'not'])
    if (key in schema) yield* brokenSchema(schema[key], `${at}.${key}`);
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    for (const branch of (schema[key] ?? []) as unknown[]) yield* brokenSchema(branch, `${at}.${key}`);
  }
}
