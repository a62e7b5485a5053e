import { fromJson, type DescField, type DescMessage, type JsonValue } from '@universal-api/protos';

/** Reads the value of one field, or of one item of a list, from the text of a path, query or form. */
export interface TextReader {
  /** What the text has to be, in words. */
  readonly rule: string;
  /** The value as the message holds it; undefined when the text is none. */
  read(text: string): unknown;
}

/** Numbers of `FieldDescriptorProto.Type`, as descriptors carry them. */
const scalar = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
} as const;
const more = { bytes: 12, uint32: 13, sfixed32: 15, sfixed64: 16, sint32: 17, sint64: 18 } as const;

const readers = new WeakMap<DescField, TextReader | { readonly none: true }>();
const integer = /^-?\d{1,20}$/;
const real = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const largestFloat = 3.4028234663852886e38;

/** The reader of a field, made once; undefined for what has no text: maps, and messages without a text form in JSON. */
export function textReaderOf(field: DescField): TextReader | undefined {
  let reader = readers.get(field);
  if (!reader) {
    reader = makeReader(field) ?? { none: true };
    readers.set(field, reader);
  }
  return 'none' in reader ? undefined : reader;
}

function makeReader(field: DescField): TextReader | undefined {
  if (field.enum) return enumReader(field);
  if (field.message) return messageReader(field, field.message);
  return field.fieldKind === 'map' || field.scalar === undefined ? undefined : scalarReader(field.scalar);
}

function scalarReader(type: number): TextReader {
  switch (type) {
    case scalar.string:
      return { rule: 'text', read: (text) => text };
    case scalar.bool:
      return { rule: 'true or false', read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined) };
    case scalar.double:
    case scalar.float:
      return realReader(type === scalar.float ? largestFloat : Number.MAX_VALUE);
    case scalar.int32:
    case more.sint32:
    case more.sfixed32:
      return integerReader(-(2n ** 31n), 2n ** 31n - 1n, Number);
    case more.uint32:
    case scalar.fixed32:
      return integerReader(0n, 2n ** 32n - 1n, Number);
    case scalar.int64:
    case more.sint64:
    case more.sfixed64:
      return integerReader(-(2n ** 63n), 2n ** 63n - 1n, BigInt);
    case scalar.uint64:
    case scalar.fixed64:
      return integerReader(0n, 2n ** 64n - 1n, BigInt);
    default:
      return { rule: 'base64', read: (text) => (base64.test(text) ? toBytes(text) : undefined) };
  }
}

function realReader(largest: number): TextReader {
  return {
    rule: 'a number',
    read(text) {
      const value = real.test(text) ? Number(text) : Number.NaN;
      return Math.abs(value) <= largest ? value : undefined;
    },
  };
}

function integerReader(low: bigint, high: bigint, convert: (text: string) => number | bigint): TextReader {
  return {
    rule: `a whole number between ${low} and ${high}`,
    read(text) {
      if (!integer.test(text)) return undefined;
      const value = convert(text);
      return value >= low && value <= high ? value : undefined;
    },
  };
}

function toBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function enumReader(field: DescField): TextReader {
  const values = field.enum?.values ?? [];
  const byName = new Map(values.map((value) => [value.name, value.number]));
  return { rule: `one of ${[...byName.keys()].join(', ')}`, read: (text) => byName.get(text) };
}

/** Messages whose JSON form is one string, and the wrappers, whose JSON form is that of their value. */
const textForms: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'a time such as 2026-01-31T12:00:00Z',
  'google.protobuf.Duration': 'a duration such as 1.5s',
  'google.protobuf.FieldMask': 'field names, separated by commas',
};

function messageReader(field: DescField, message: DescMessage): TextReader | undefined {
  const rule = textForms[message.typeName];
  if (rule) return { rule, read: (text) => readJson(message, text) };
  // Only a single wrapper outside a oneof is held as its bare value.
  if (field.fieldKind !== 'message' || field.oneof) return undefined;
  const [value] = message.fields;
  const isWrapper = /^google\.protobuf\.(?:Bool|Bytes|Double|Float|U?Int(?:32|64)|String)Value$/.test(message.typeName);
  return isWrapper && value ? textReaderOf(value) : undefined;
}

function readJson(message: DescMessage, json: JsonValue): unknown {
  try {
    return fromJson(message, json);
  } catch {
    return undefined; // The caller reports the rule; protobuf's own words name types that callers do not know.
  }
}
