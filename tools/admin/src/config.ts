import { optionalSecret, optionalUrl, secret, text, z } from '@universal-api/config';
import { brokerVariables } from '@universal-api/service';

const databaseUrl = optionalUrl('postgres', 'postgresql')
  .refine((url) => url !== undefined, 'is not set; the command works on that database')
  .transform(String)
  .describe('PostgreSQL of the installation.');

/** Variables of `migrate`. */
export const databaseVariables = z.object({ DATABASE_URL: databaseUrl });

/** Variables of `bootstrap`. */
export const bootstrapVariables = z.object({
  DATABASE_URL: databaseUrl,
  AUTH_KEY_PEPPER: secret().describe('Pepper of stored API keys: v2:<base64>,v1:<base64>, the current one first.'),
  PUBLIC_BASE_URL: optionalUrl('http', 'https')
    .transform((url) => (url ?? 'http://127.0.0.1:8000').replace(/\/+$/, ''))
    .describe('Address of the gateway in the call that is shown with the key.'),
});

/** Variables of `topics apply`. */
export const topicVariables = z.object({
  ...brokerVariables,
  KAFKA_BROKERS: brokerVariables.KAFKA_BROKERS.refine(
    (brokers) => brokers.length > 0,
    'is not set; the command works on those brokers',
  ),
});

/** Variables of every command that speaks to the auth service. */
export const serviceVariables = z.object({
  UAPI_AUTH_ADDR: text('127.0.0.1:50055').describe('Address of the auth service.'),
  INTERNAL_AUTH_KEY: optionalSecret().describe('Key between our processes; unset: the one in DATA_DIR.'),
  DATA_DIR: text('.data').describe('Folder where the installation keeps secrets that it made.'),
});
