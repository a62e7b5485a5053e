import type { Catalogue } from '@universal-api/events';
import { toAsyncApi, toEventSchema, toEventsMarkdown, typeNameOf } from '@universal-api/openapi';
import { productContract } from '@universal-api/protos';

/** What is written of the events of a product's version, as path and text: a schema per type and version, the AsyncAPI document, the list. */
export function eventDocuments(
  catalogue: Catalogue,
  version: string,
): readonly (readonly [path: string, text: string])[] {
  const { registry } = productContract();
  return [
    ...catalogue.entries.map(
      (event) => [`docs/events/schemas/${typeNameOf(event)}.json`, toText(toEventSchema(event, registry))] as const,
    ),
    ['docs/events/asyncapi.json', toText(toAsyncApi(catalogue, registry, { title: 'Universal API events', version }))],
    ['docs/events.md', toEventsMarkdown(catalogue, registry)],
  ];
}

function toText(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
