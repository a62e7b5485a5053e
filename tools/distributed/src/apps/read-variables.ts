import { analyticsVariables } from '@universal-api/analytics/config';
import { assistantVariables } from '@universal-api/assistant/config';
import { authVariables } from '@universal-api/auth/config';
import { unknownVariables, type Environment, type z } from '@universal-api/config';
import { rateVariables } from '@universal-api/gateway/compose';
import { gatewayVariables } from '@universal-api/gateway/config';
import { searchVariables } from '@universal-api/search/config';
import type { system } from '@universal-api/standalone/system';
import { videoVariables } from '@universal-api/video/config';
import { webhookVariables } from '@universal-api/webhook/config';

const schemas: Readonly<Record<(typeof system)[number]['name'], z.ZodObject>> = {
  auth: authVariables,
  search: searchVariables,
  video: videoVariables,
  assistant: assistantVariables,
  analytics: analyticsVariables,
  webhook: webhookVariables,
  gateway: gatewayVariables,
};

/** Names that an app reads, those of single providers aside. */
export function variablesOf(name: string): string[] {
  const schema = Object.entries(schemas).find(([app]) => app === name)?.[1];
  return [...Object.keys(schema?.shape ?? {}), ...(name === 'gateway' ? rateVariables() : [])];
}

/** Names in an environment that look like ours and that no app reads: typing errors. */
export function unreadVariables(environment: Environment, others: readonly string[]): string[] {
  return unknownVariables(environment, [...Object.keys(schemas).flatMap(variablesOf), ...others]);
}
