import { analyticsVariables } from '@universal-api/analytics/config';
import { assistantVariables } from '@universal-api/assistant/config';
import { authVariables } from '@universal-api/auth/config';
import { describeConfig, toEnvExample } from '@universal-api/config';
import { edgeVariables, gatewayVariables } from '@universal-api/gateway/config';
import { productEvents } from '@universal-api/events';
import { toErrorsMarkdown } from '@universal-api/openapi';
import { egressVariables, searchVariables } from '@universal-api/search/config';
import { standaloneVariables } from '@universal-api/standalone/config';
import { videoVariables } from '@universal-api/video/config';
import { webhookVariables } from '@universal-api/webhook/config';
import { z } from '@universal-api/config';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventDocuments } from './event-documents.ts';

/** Documents that follow from code: the list of errors, the events, and the example environment. */
const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const sections = [
  { title: 'npm start', schema: standaloneVariables },
  { title: 'Public side', schema: z.object(edgeVariables) },
  { title: 'Providers', schema: z.object(egressVariables) },
  { title: 'Gateway alone', schema: gatewayVariables },
  { title: 'Search alone', schema: searchVariables },
  { title: 'Auth alone', schema: authVariables },
  { title: 'Video alone', schema: videoVariables },
  { title: 'Assistant alone', schema: assistantVariables },
  { title: 'Analytics alone', schema: analyticsVariables },
  { title: 'Webhook alone', schema: webhookVariables },
];

mkdirSync(at('docs'), { recursive: true });
writeFileSync(at('docs/errors.md'), toErrorsMarkdown());
// What is not generated any more must not stay behind.
rmSync(at('docs/events/schemas'), { recursive: true, force: true });
mkdirSync(at('docs/events/schemas'), { recursive: true });
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string };
for (const [path, text] of eventDocuments(productEvents, version)) writeFileSync(at(path), text);
writeFileSync(
  at('.env.example'),
  toEnvExample(sections.map(({ title, schema }) => ({ title, variables: describeConfig(schema) }))),
);
