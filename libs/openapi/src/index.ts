export { toErrorsMarkdown } from './errors-markdown.ts';
export { exampleOf, schemaPathOf, toEventSchema, typeNameOf } from './events/event-schema.ts';
export { toEventsMarkdown } from './events/events-markdown.ts';
export { toAsyncApi, type AsyncApiOptions } from './events/to-asyncapi.ts';
export { loadExamples, type Example } from './load-examples.ts';
export { toOpenApi, type OpenApiOptions } from './to-openapi.ts';
