import type { Catalogue, EventDefinition } from '@universal-api/events';
import type { Registry } from '@universal-api/protos';
import type { Schema } from '../schema/well-known-schemas.ts';
import { cloudEventHeaders } from './cloud-event-headers.ts';
import { exampleOf, toEventSchema, typeNameOf } from './event-schema.ts';

/** What an AsyncAPI document is made of, beside the catalogue. */
export interface AsyncApiOptions {
  readonly title: string;
  readonly version: string;
}

const schemaFormat = 'application/schema+json;version=draft-2020-12';
const kafkaBindingVersion = '0.5.0';

/** Settings of every topic (webhooks.md 5.1); the operator chooses the replication. */
const topicBinding = {
  partitions: 12,
  topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': 604_800_000, 'max.message.bytes': 1_048_576 },
  bindingVersion: kafkaBindingVersion,
};

/**
 * The AsyncAPI 3.1 document of the events on Kafka: each topic a channel, each type a message with its schema and
 * example, one operation per topic for who writes to it. Throws when a message is not in the registry.
 */
export function toAsyncApi(catalogue: Catalogue, registry: Registry, { title, version }: AsyncApiOptions): Schema {
  const byTopic = Map.groupBy(catalogue.entries, ({ topic }) => topic);
  const topics = [...byTopic].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = <T>(toValue: (event: EventDefinition) => T) =>
    Object.fromEntries(catalogue.entries.map((event) => [typeNameOf(event), toValue(event)]));
  return {
    asyncapi: '3.1.0',
    id: 'urn:uapi:events',
    info: {
      title,
      version,
      description:
        'Events as CloudEvents 1.0 in binary mode. A version only ever gains fields: readers ignore what they do not know. ' +
        'Records may come more than once and keep their `ce_id`; order holds within one subject.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map(([topic, events]) => [topic, toChannel(topic, events)])),
    operations: Object.fromEntries(topics.map(([topic, events]) => [`${ownerOf(topic)}.send`, toSend(topic, events)])),
    components: {
      messages: named(toMessage),
      messageTraits: { cloudEvent: { headers: cloudEventHeaders, contentType: 'application/json' } },
      schemas: named((event) => ({ schemaFormat, schema: toEventSchema(event, registry) })),
    },
  };
}

function toChannel(topic: string, events: readonly EventDefinition[]): Schema {
  return {
    address: topic,
    messages: Object.fromEntries(events.map((event) => [typeNameOf(event), refTo('components/messages', event)])),
    bindings: { kafka: { topic, ...topicBinding } },
  };
}

function toSend(topic: string, events: readonly EventDefinition[]): Schema {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${topic}` },
    messages: events.map((event) => refTo(`channels/${topic}/messages`, event)),
  };
}

function toMessage(event: EventDefinition): Schema {
  return {
    name: typeNameOf(event),
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: refTo('components/schemas', event),
    bindings: {
      kafka: {
        key: { type: 'string', format: 'uuid', description: 'The tenant.' },
        bindingVersion: kafkaBindingVersion,
      },
    },
    examples: [{ payload: exampleOf(event) }],
  };
}

function refTo(place: string, event: EventDefinition): Schema {
  return { $ref: `#/${place}/${typeNameOf(event)}` };
}

/** Whose topic it is: `search` of `uapi.search.v1`. */
function ownerOf(topic: string): string {
  return topic.split('.')[1] ?? topic;
}
