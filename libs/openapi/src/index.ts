export { toErrorsMarkdown } from './errors-markdown.ts';
export { loadExamples, type Example } from './load-examples.ts';
export { toOpenApi, type OpenApiOptions } from './to-openapi.ts';
