import { integer, list, oneOf, optionalText, optionalUrl, port, text, z } from '@universal-api/config';
import { brokerVariables, internalAuthKey, operationsPort, processVariables } from '@universal-api/service';

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** Variables that shape the public side, the same whether the gateway runs alone or with the others in one process. */
export const edgeVariables = {
  PUBLIC_BASE_URL: optionalUrl('http', 'https')
    .transform((url) => url?.replace(/\/+$/, ''))
    .describe('Address that callers see; unset: http://127.0.0.1:<PORT>.'),
  ANONYMOUS_ACCESS: oneOf(['auto', 'on', 'off'], 'auto').describe(
    'Whether calls without a key are served, read-only and limited by address; auto: only in one process on loopback.',
  ),
  TRUSTED_PROXIES: list().describe('Networks (CIDR) whose X-Forwarded-For is believed.'),
  CORS_ORIGINS: list()
    .refine((origins) => origins.every(isOrigin), 'exact origins, such as https://app.example, without a path')
    .describe('Origins of browsers that may read answers; empty: the same origin only.'),
  DEADLINE_MS: integer(10_000, { min: 100, max: 600_000 }).describe('Longest time for one call, ms.'),
  MAX_IN_FLIGHT: integer(200, { min: 10, max: 100_000 }).describe('Calls served at the same time.'),
  SHED_RESERVED: text('0.2')
    .transform(Number)
    .pipe(z.number().min(0, 'at least 0').max(0.9, 'at most 0.9'))
    .describe('Part of those kept for identity and health.'),
  AUTH_KEY_CACHE_S: integer(5, { min: 1, max: 5 }).describe('How long a verified key is remembered, seconds.'),
  AUTH_KEY_CACHE_SIZE: integer(10_000, { min: 100, max: 1_000_000 }).describe('Keys remembered at most.'),
};

/** Variables of the gateway when it runs alone; `RL_*` are read beside them. */
export const gatewayVariables = z.object({
  BIND_ADDRESS: text('0.0.0.0').describe('Address that the public port listens on.'),
  PORT: port(8000).describe('Public port.'),
  OPS_PORT: operationsPort(9150),
  UAPI_SEARCH_ADDR: text('127.0.0.1:50051').describe('Address of the search service.'),
  UAPI_AUTH_ADDR: text('127.0.0.1:50055').describe('Address of the auth service.'),
  UAPI_VIDEO_ADDR: optionalText().describe('Address of the video service; unset: it does not run.'),
  UAPI_ASSISTANT_ADDR: optionalText().describe('Address of the assistant service; unset: it does not run.'),
  UAPI_ANALYTICS_ADDR: optionalText().describe('Address of the analytics service; unset: it does not run.'),
  UAPI_WEBHOOK_ADDR: optionalText().describe('Address of the webhook service; unset: it does not run.'),
  DATABASE_URL: optionalUrl('postgres', 'postgresql').describe(
    'PostgreSQL that gets one event for each finished call where there is no Kafka; neither: telemetry is off.',
  ),
  INTERNAL_AUTH_KEY: internalAuthKey,
  ...brokerVariables,
  ...edgeVariables,
  ...processVariables,
});
