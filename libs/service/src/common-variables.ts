import { integer, oneOf, optionalText, port, secret } from '@universal-api/config';
import { logLevels } from '@universal-api/logging';

/** Variables of every process, whatever runs in it. */
export const processVariables = {
  LOG_LEVEL: oneOf(logLevels, 'info').describe(
    'Most talkative level of the log: trace, debug, info, warn, error or fatal.',
  ),
  UAPI_BUILD: optionalText().describe('Commit or image that runs, as health tells it; unset: asked of git.'),
  LOG_DIR: optionalText().describe('Folder for log files beside standard output; unset: none.'),
  LOG_KEEP: integer(14, { min: 1, max: 1000 }).describe('Log files kept.'),
  DRAIN_S: integer(20, { max: 600 }).describe('Longest wait for work under way when the process ends, seconds.'),
  HARD_STOP_S: integer(25, { min: 1, max: 900 }).describe(
    'After this many seconds the process ends whatever still runs.',
  ),
};

/** The key under which our processes vouch for callers to each other. */
export const internalAuthKey = secret().describe(
  'Key of the signed principal between our processes: v2:<base64>,v1:<base64>, the current one first, 32 bytes or more.',
);

/** The operations port of a process. */
export function operationsPort(fallback: number) {
  return port(fallback).describe('Operations port: health, metrics, log level. Not for the public.');
}
