import { authVariables } from '@universal-api/auth/config';
import { describeConfig, toEnvExample } from '@universal-api/config';
import { edgeVariables, gatewayVariables } from '@universal-api/gateway/config';
import { toErrorsMarkdown } from '@universal-api/openapi';
import { egressVariables, searchVariables } from '@universal-api/search/config';
import { standaloneVariables } from '@universal-api/standalone/config';
import { z } from '@universal-api/config';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Documents that follow from code: the list of errors and the example environment. */
const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const sections = [
  { title: 'npm start', schema: standaloneVariables },
  { title: 'Public side', schema: z.object(edgeVariables) },
  { title: 'Providers', schema: z.object(egressVariables) },
  { title: 'Gateway alone', schema: gatewayVariables },
  { title: 'Search alone', schema: searchVariables },
  { title: 'Auth alone', schema: authVariables },
];

mkdirSync(at('docs'), { recursive: true });
writeFileSync(at('docs/errors.md'), toErrorsMarkdown());
writeFileSync(
  at('.env.example'),
  toEnvExample(sections.map(({ title, schema }) => ({ title, variables: describeConfig(schema) }))),
);
