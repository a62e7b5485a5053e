import { describe, expect, test } from '@jest/globals';
import { RequestCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/telemetry_pb';
import { createCatalogue, defineEvent, type EventDefinition } from './define-event.ts';

const entry: EventDefinition<typeof RequestCompletedSchema> = {
  name: 'probe.changed',
  version: 1,
  topic: 'uapi.search.v1',
  messageSchema: RequestCompletedSchema,
  durability: 'tx',
  ordered: true,
  visibility: 'tenant',
  deliverable: true,
  sensitive: false,
  example: { callId: 'c' },
};

describe('ok', () => {
  test('a type is found by its name and version, and by nothing else', () => {
    const [first, second] = [defineEvent(entry), defineEvent({ ...entry, version: 2 })];
    const catalogue = createCatalogue([first, second]);
    expect(catalogue.find('probe.changed', 1)).toBe(first);
    expect(catalogue.find('probe.changed', 2)).toBe(second);
    expect(catalogue.find('probe.changed', 3)).toBeUndefined();
    expect(catalogue.find('__proto__', 1)).toBeUndefined();
    expect(catalogue.entries).toEqual([first, second]);
  });
});

describe('refused', () => {
  test.each<[string, Partial<typeof entry>]>([
    ['one word', { name: 'changed' }],
    ['a capital', { name: 'probe.Changed' }],
    ['the version in the name', { name: 'probe.changed.v1.' }],
    ['a version that is none', { version: 0 }],
    ['no such topic', { topic: 'uapi.other.v1' as never }],
    ['telemetry on another topic', { durability: 'telemetry', ordered: false, deliverable: false }],
    ['a fact on the topic of telemetry', { topic: 'uapi.telemetry.v1' }],
    ['order without a transaction', { durability: 'buffered' }],
    ['telemetry for webhooks', { topic: 'uapi.telemetry.v1', durability: 'telemetry', ordered: false }],
  ])('%s', (_what, change) => {
    expect(() => defineEvent({ ...entry, ...change })).toThrow(/^Event /);
  });

  test('a 64-bit integer anywhere in the payload', () => {
    const { messageSchema: _schema, example: _example, ...facts } = entry;
    const messageSchema = { ...RequestCompletedSchema, fields: [{ ...RequestCompletedSchema.fields[0], scalar: 3 }] };
    expect(() => defineEvent({ ...facts, messageSchema: messageSchema as never, example: {} as never })).toThrow(
      '64 bits',
    );
  });

  test('a type that comes twice', () => {
    expect(() => createCatalogue([entry, entry] as never)).toThrow('twice');
  });
});
