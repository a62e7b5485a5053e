import type { Catalogue, EventDefinition } from '@universal-api/events';
import { commentsOf, type Registry } from '@universal-api/protos';
import { exampleOf, sentenceOf, typeNameOf } from './event-schema.ts';

const durabilities: Readonly<Record<EventDefinition['durability'], string>> = {
  tx: 'written in the transaction of the change',
  buffered: 'written from a bounded buffer, within 50 ms',
  telemetry: 'written from a bounded buffer, kept 24 hours, never in the log',
};

const audiences: Readonly<Record<EventDefinition['visibility'], string>> = {
  tenant: 'its tenant',
  public: 'every tenant',
  operator: 'the operator',
};

/** The content of `docs/events.md`: everything that can happen, with topic, durability, audience and an example. */
export function toEventsMarkdown(catalogue: Catalogue, registry: Registry): string {
  const events = [...catalogue.entries].sort((a, b) => (typeNameOf(a) < typeNameOf(b) ? -1 : 1));
  return [
    '# Events',
    '',
    'What happened, as the product says it. A type only ever gains fields: ignore what you do not know. A new meaning is a',
    'new version. An event may reach a reader more than once, always under the same id.',
    '',
    '[AsyncAPI 3.1 document](events/asyncapi.json) · watch them live: `npm run events:tail`',
    '',
    '| Type | Version | Topic | Written | Seen by | By webhook |',
    '|---|---|---|---|---|---|',
    ...events.map(row),
    ...events.flatMap((event) => section(event, registry)),
    '',
    'Generated from the catalogue in `libs/events` by `npm run generate`.',
    '',
  ].join('\n');
}

function row({ name, version, topic, durability, visibility, deliverable, sensitive }: EventDefinition): string {
  const byWebhook = deliverable ? (sensitive ? 'if named' : 'yes') : 'no';
  const cells = [
    `[\`${name}\`](#${name.replaceAll('.', '')})`,
    version,
    `\`${topic}\``,
    durability,
    visibility,
    byWebhook,
  ];
  return `| ${cells.join(' | ')} |`;
}

function section(event: EventDefinition, registry: Registry): string[] {
  const { name, topic, durability, visibility, ordered, messageSchema } = event;
  const message = registry.getMessage(messageSchema.typeName);
  if (!message) throw new Error(`${messageSchema.typeName} is not in the descriptor image`);
  const order = ordered ? ' In order within one subject.' : '';
  return [
    '',
    `## ${name}`,
    '',
    sentenceOf(event, message),
    `On \`${topic}\`; ${durabilities[durability]}; for ${audiences[visibility]}.${order}`,
    `[Schema](events/schemas/${typeNameOf(event)}.json).`,
    '',
    '| Field | What it is |',
    '|---|---|',
    ...message.fields.map((field) => `| \`${field.name}\` | ${commentsOf(field).replaceAll('\n', ' ')} |`),
    '',
    '```json',
    JSON.stringify(exampleOf(event), undefined, 2),
    '```',
  ];
}
