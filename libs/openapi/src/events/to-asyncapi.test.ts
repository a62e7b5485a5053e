import { describe, expect, test } from '@jest/globals';
import { productEvents } from '@universal-api/events';
import { productContract } from '@universal-api/protos';
import { resolve } from '../../test/check-document.ts';
import { complaintsAboutJson } from '../../test/complaints-about-json.ts';
import { cloudEventHeaders } from './cloud-event-headers.ts';
import { toAsyncApi } from './to-asyncapi.ts';

const { registry } = productContract();
const document = toAsyncApi(productEvents, registry, { title: 'Events', version: '1.2.3' });

type Json = Readonly<Record<string, unknown>>;
const at = (path: string) => resolve(document, `#/${path}`) as Json;

function* references(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* references(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === '$ref') yield String(item);
      else yield* references(item);
    }
  }
}

describe('the document', () => {
  test('is AsyncAPI 3.1 with every topic of the catalogue, and no other', () => {
    expect(document).toMatchObject({ asyncapi: '3.1.0', info: { version: '1.2.3' } });
    const topics = new Set(productEvents.entries.map(({ topic }) => topic));
    expect(Object.keys(at('channels'))).toEqual([...topics].toSorted());
  });

  test('every reference leads somewhere', () => {
    const all = [...references(document)];
    expect(all.length).toBeGreaterThan(productEvents.entries.length * 3);
    expect(all.filter((reference) => resolve(document, reference) === undefined)).toEqual([]);
  });

  test.each(productEvents.entries.map((event) => [`${event.name}.v${event.version}`, event.topic] as const))(
    '%s is a message of its channel and of its operation, with headers, key, schema and an example that passes',
    (name, topic) => {
      expect(at(`channels/${topic}/messages`)).toHaveProperty([name]);
      const send = Object.values(at('operations')).find(
        (operation) => ((operation as Json)['channel'] as Json)['$ref'] === `#/channels/${topic}`,
      );
      expect(send).toMatchObject({
        action: 'send',
        messages: expect.arrayContaining([{ $ref: `#/channels/${topic}/messages/${name}` }]),
      });
      const message = at(`components/messages/${name}`) as { examples: { payload: unknown }[] } & Json;
      expect(message['traits']).toEqual([{ $ref: '#/components/messageTraits/cloudEvent' }]);
      expect(message['bindings']).toMatchObject({ kafka: { key: { format: 'uuid' } } });
      const schema = at(`components/schemas/${name}/schema`);
      expect(message.examples.flatMap(({ payload }) => complaintsAboutJson(schema, payload))).toEqual([]);
    },
  );

  test('topics are bound to Kafka as they are made', () => {
    for (const [topic, channel] of Object.entries(at('channels'))) {
      expect((channel as Json)['bindings']).toMatchObject({
        kafka: { topic, partitions: 12, topicConfiguration: { 'cleanup.policy': ['delete'] } },
      });
    }
  });
});

describe('the headers', () => {
  const headers = {
    ce_specversion: '1.0',
    ce_id: `evt_${'0'.repeat(32)}`,
    ce_type: 'search.completed.v1',
    ce_source: 'urn:uapi:search',
    ce_time: '2026-01-02T03:04:05.678Z',
    ce_dataschema: '/schemas/events/search.completed/v1.json',
    ce_tenantid: '00000000-0000-0000-0000-000000000001',
    ce_partitionkey: '00000000-0000-0000-0000-000000000001',
    ce_sequence: '00000000000000000042',
    'content-type': 'application/json',
  };

  test('take an event of binary mode', () => {
    expect(complaintsAboutJson(cloudEventHeaders, headers)).toEqual([]);
  });

  test.each([
    { ce_specversion: '0.3' },
    { ce_id: '0190b5c2-7a10-7000-8000-00000000000a' },
    { ce_type: 'search.completed' },
    { ce_sequence: '42' },
    { ce_test: 'false' },
  ])('refuse %j', (wrong) => {
    expect(complaintsAboutJson(cloudEventHeaders, { ...headers, ...wrong })).toHaveLength(1);
  });
});
