import { methodRules, type DescMethod, type HttpRule } from '@universal-api/protos';
import { messageSchema, type ComponentSchemas } from '../schema/component-schemas.ts';
import { fieldSchema } from '../schema/field-schema.ts';
import type { Schema } from '../schema/well-known-schemas.ts';

/** Where the body of an operation comes from. */
export interface BodyQuestion {
  readonly method: DescMethod;
  readonly rule: HttpRule;
  readonly operationId: string;
  /** Fields that the path fills, so the body cannot. */
  readonly inPath: ReadonlySet<string>;
  readonly components: ComponentSchemas;
  readonly example: Schema | undefined;
}

/** The request body of a rule; undefined when it has none. Throws when `body` names no field. */
export function requestBody(question: BodyQuestion): Schema | undefined {
  const { method, rule, example } = question;
  if (rule.body === '') return undefined;
  const isWhole = rule.body === '*';
  const value = isWhole ? without(example, question.inPath) : example?.[rule.body];
  const media = {
    schema: isWhole ? wholeSchema(question) : memberSchema(question),
    ...(value === undefined ? {} : { example: value }),
  };
  const types = ['application/json', ...(methodRules(method).acceptForm ? ['application/x-www-form-urlencoded'] : [])];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, media])) };
}

function wholeSchema({ method, operationId, inPath, components }: BodyQuestion): Schema {
  if (inPath.size === 0) return components.refTo(method.input, 'request');
  return components.add(`${operationId}Body`, messageSchema(method.input, 'request', components.refTo, inPath));
}

function memberSchema({ method, rule, components }: BodyQuestion): Schema {
  const field = method.input.fields.find(({ name }) => name === rule.body);
  if (!field) throw new Error(`${method.input.typeName} has no field ${rule.body}, which the body of a rule names`);
  return fieldSchema(field, 'request', components.refTo);
}

function without(example: Schema | undefined, names: ReadonlySet<string>): Schema | undefined {
  return example && Object.fromEntries(Object.entries(example).filter(([name]) => !names.has(name)));
}
