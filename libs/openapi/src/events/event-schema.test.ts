import { describe, expect, test } from '@jest/globals';
import { productEvents, type EventDefinition } from '@universal-api/events';
import { productContract, type DescMessage } from '@universal-api/protos';
import { buildContract } from '../../test/build-contract.ts';
import { complaintsAboutJson } from '../../test/complaints-about-json.ts';
import { exampleOf, toEventSchema } from './event-schema.ts';

const { registry } = productContract();
const events = productEvents.entries.map((event) => [`${event.name}.v${event.version}`, event] as const);

/** An entry like those of the catalogue over a message of the test's own. */
function sample(proto: string) {
  const contract = buildContract(proto);
  const message = contract.registry.getMessage('uapi.sample.v1.Happened');
  if (!message) throw new Error('the proto has no message Happened');
  const entry: EventDefinition<DescMessage> = {
    name: 'sample.happened',
    version: 1,
    topic: 'uapi.search.v1',
    messageSchema: message,
    durability: 'tx',
    ordered: false,
    visibility: 'tenant',
    deliverable: true,
    sensitive: false,
    example: {},
  };
  return { entry, registry: contract.registry };
}

describe('every type of the catalogue', () => {
  test.each(events)('%s: its example passes its schema', (name, event) => {
    const schema = toEventSchema(event, registry);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `/schemas/events/${event.name}/v${event.version}.json`,
      title: name,
      type: 'object',
    });
    expect(complaintsAboutJson(schema, exampleOf(event))).toEqual([]);
  });

  test.each(events)('%s: a reader tolerates a field of tomorrow, and misses one of today', (_name, event) => {
    const schema = toEventSchema(event, registry);
    const example = exampleOf(event);
    expect(complaintsAboutJson(schema, { ...example, of_tomorrow: { any: 1 } })).toEqual([]);
    for (const name of schema['required'] as string[]) {
      const { [name]: _gone, ...rest } = example;
      expect(complaintsAboutJson(schema, rest)).toEqual([`$.${name} is missing`]);
      expect(complaintsAboutJson(schema, { ...example, [name]: null })).not.toEqual([]);
    }
  });

  test.each(events)('%s: its example shows every field', (_name, event) => {
    const fields = event.messageSchema.fields.map(({ name }) => name);
    const shown = Object.keys(exampleOf(event));
    const missing = fields.filter((name) => !shown.includes(name));
    expect(missing).toEqual([]);
  });

  test.each(events)('%s: every field is explained', (_name, event) => {
    const properties = toEventSchema(event, registry)['properties'] as Record<string, { description?: string }>;
    const silent = Object.entries(properties).filter(([, { description }]) => !description);
    expect(silent.map(([name]) => name)).toEqual([]);
  });
});

describe('messages inside messages', () => {
  test('are definitions that references lead to, also one that contains itself', () => {
    const { entry, registry: sampled } = sample(
      'message Happened { Tree tree = 1; repeated Happened.Leaf leaves = 2; message Leaf { string name = 1; } } message Tree { repeated Tree children = 1; }',
    );
    const schema = toEventSchema(entry, sampled);
    expect(Object.keys(schema['$defs'] as object)).toEqual(['Happened.Leaf', 'Tree']);
    const good = { tree: { children: [{ children: [] }] }, leaves: [{ name: 'x' }] };
    expect(complaintsAboutJson(schema, good)).toEqual([]);
    expect(complaintsAboutJson(schema, { ...good, leaves: [{}] })).toEqual(['$.leaves[0].name is missing']);
  });
});

describe('refused', () => {
  test.each([
    'message Happened { int64 bytes = 1; }',
    'message Happened { In in = 1; } message In { fixed64 at = 1; }',
  ])('a 64-bit integer: %s', (proto) => {
    const { entry, registry: sampled } = sample(proto);
    expect(() => toEventSchema(entry, sampled)).toThrow('64-bit');
  });

  test('a message that the image does not have', () => {
    const { entry } = sample('message Happened { string id = 1; }');
    expect(() => toEventSchema(entry, registry)).toThrow('uapi.sample.v1.Happened');
  });
});
