import { accountVariables } from './accounts/account-variables.ts';
import { integer, optionalUrl, secret, z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';
import { sessionTimes, type SessionTimes } from './sessions/session-times.ts';
import { signingKeyTimes, type SigningKeyTimes } from './signing-keys/signing-key.ts';

/** Variables of tokens and sessions, the same whether the service runs alone or with the others in one process. */
export const sessionVariables = {
  AUTH_ACCESS_TTL_S: integer(300, { min: 60, max: 900 }).describe('Life of an access token, seconds.'),
  AUTH_REFRESH_IDLE_D: integer(7, { min: 1, max: 30 }).describe(
    'A session ends when it is not renewed for so many days.',
  ),
  AUTH_REFRESH_ABS_D: integer(30, { min: 1, max: 90 }).describe('A session ends after so many days in any case.'),
  AUTH_REPLAY_S: integer(10, { max: 30 }).describe(
    'So long a used refresh token gives the same answer again, seconds.',
  ),
  AUTH_CLOCK_LEEWAY_S: integer(60, { max: 60 }).describe(
    'How far clocks may differ where tokens are verified, seconds.',
  ),
  AUTH_REAUTH_MIN: integer(10, { min: 1, max: 60 }).describe('So long a proof counts as fresh, minutes.'),
  AUTH_ROTATE_D: integer(7, { min: 1, max: 30 }).describe('A key signs access tokens for so many days.'),
};

/** What of the settings those variables decide. */
export interface TokenSettings {
  /** Life of an access token, seconds. */
  readonly accessTtlS: number;
  readonly leewayS: number;
  readonly sessions: SessionTimes;
  readonly signingKeys: SigningKeyTimes;
}

const dayMs = 86_400_000;

/** Variables → settings of tokens and sessions. */
export function toTokenSettings(config: z.output<z.ZodObject<typeof sessionVariables>>): TokenSettings {
  return {
    accessTtlS: config.AUTH_ACCESS_TTL_S,
    leewayS: config.AUTH_CLOCK_LEEWAY_S,
    sessions: {
      ...sessionTimes,
      idleMs: config.AUTH_REFRESH_IDLE_D * dayMs,
      absoluteMs: config.AUTH_REFRESH_ABS_D * dayMs,
      replayMs: config.AUTH_REPLAY_S * 1000,
      freshMs: config.AUTH_REAUTH_MIN * 60_000,
    },
    signingKeys: { ...signingKeyTimes, useForMs: config.AUTH_ROTATE_D * dayMs },
  };
}

/** Variables of the auth service when it runs alone. */
export const authVariables = z.object({
  ...serviceVariables({ grpc: 50055, operations: 9155 }),
  AUTH_KEY_PEPPER: secret().describe('Pepper of stored API keys: v2:<base64>,v1:<base64>, the current one first.'),
  DATA_ENCRYPTION_KEY: secret().describe(
    'Key of what is stored encrypted: v2:<base64>,v1:<base64>, the current one first, 32 bytes or more.',
  ),
  PUBLIC_BASE_URL: optionalUrl('http', 'https')
    .transform((url) => url?.replace(/\/+$/, '') ?? 'http://127.0.0.1:8000')
    .describe('Address that callers see, and issuer of access tokens; unset: http://127.0.0.1:8000.'),
  ...sessionVariables,
  ...accountVariables,
});
