import { AppError } from '@universal-api/errors';
import {
  create,
  fromJson,
  type DescField,
  type DescMessage,
  type JsonValue,
  type Message,
} from '@universal-api/protos';
import type { BindFaults } from './bind-faults.ts';
import { checkJson } from './check-json.ts';
import { explainJson } from './explain-json.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON in a body. `malformed_body` when it is none, is not UTF-8, is too deep or has too many keys. */
export function parseJsonBody(bytes: Uint8Array): JsonValue {
  let json: JsonValue;
  try {
    json = JSON.parse(decoder.decode(bytes)) as JsonValue;
  } catch (cause) {
    throw new AppError('malformed_body', { cause, internal: 'the body is no JSON in UTF-8' });
  }
  checkJson(json);
  return json;
}

/**
 * The message of a JSON body: the whole of it, or the one field that the rule names. What does not fit goes to the faults,
 * and the message is then empty.
 */
export function bindBody(
  schema: DescMessage,
  field: DescField | undefined,
  json: JsonValue,
  faults: BindFaults,
): Message {
  const whole = field ? { [field.name]: json } : json;
  try {
    return fromJson(schema, whole);
  } catch {
    // Protobuf's words name its own types; ours name the field and the rule.
    explainJson(schema, whole, '', faults);
    // A refusal that no single field explains is still a refusal.
    if (!faults.hasAny()) faults.wrong(field?.name ?? 'body', 'does not fit this operation');
    return create(schema);
  }
}
