import {
  FeatureSet_FieldPresence,
  ScalarType,
  type DescField,
  type DescMessage,
  type MessageInitShape,
} from '@universal-api/protos';
import type { EventDefinition } from './catalogue/define-event.ts';
import { toPayloadJson } from './payload.ts';

/** Writes a payload as the JSON text of its row. Errors: those of `toPayloadJson`, when the payload is looked at. */
export type PayloadWriter = <Schema extends DescMessage>(
  type: EventDefinition<Schema>,
  data: MessageInitShape<Schema>,
) => string;

/** Writes each payload after checking it against its message. */
export const writeChecked: PayloadWriter = (type, data) => JSON.stringify(toPayloadJson(type, data));

interface FlatField {
  readonly localName: string;
  readonly name: string;
  /** What an absent field without presence is printed as; undefined: it is left out. */
  readonly zero: unknown;
}

const flatFields = new WeakMap<DescMessage, readonly FlatField[] | undefined>();

/**
 * Writes most payloads as they are and checks a share of them (0..1), chosen by `random`. For producers of ours whose data
 * is typed anyway, one event a request: checking each costs ten times the writing. Messages with more than plain fields
 * are always checked.
 */
export function createSampledWriter(share: number, random: () => number = Math.random): PayloadWriter {
  return (type, data) => {
    const fields = flatFieldsOf(type.messageSchema);
    if (!fields || random() < share) return writeChecked(type, data);
    const json: Record<string, unknown> = {};
    const given = data as Readonly<Record<string, unknown>>;
    for (const { localName, name, zero } of fields) {
      const value = given[localName] ?? zero;
      if (value !== undefined) json[name] = value;
    }
    return JSON.stringify(json);
  };
}

function flatFieldsOf(schema: DescMessage): readonly FlatField[] | undefined {
  if (!flatFields.has(schema))
    flatFields.set(schema, schema.fields.every(isFlat) ? schema.fields.map(toFlat) : undefined);
  return flatFields.get(schema);
}

const { STRING, BOOL, INT32, UINT32 } = ScalarType;

/** Text, truth and 32-bit integers are the same in JSON; 64 bits, bytes and fractions (which may be NaN) are not. */
const zeroOf = new Map<ScalarType, unknown>([
  [STRING, ''],
  [BOOL, false],
  [INT32, 0],
  [UINT32, 0],
]);

function isFlat(field: DescField): boolean {
  if (field.fieldKind === 'list') return field.listKind === 'scalar' && field.scalar === STRING;
  return field.fieldKind === 'scalar' && zeroOf.has(field.scalar);
}

function toFlat(field: DescField): FlatField {
  const { localName, name } = field;
  if (field.fieldKind === 'list') return { localName, name, zero: [] };
  const isImplicit = field.fieldKind === 'scalar' && field.presence === FeatureSet_FieldPresence.IMPLICIT;
  return { localName, name, zero: isImplicit ? zeroOf.get(field.scalar) : undefined };
}
