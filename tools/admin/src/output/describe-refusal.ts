import { errorCodes, type AppError, type ErrorCode } from '@universal-api/errors';

/** What to do after a refusal; where nothing is said here, it is what the registry says of the code. */
const nextSteps: Partial<Record<ErrorCode, string>> = {
  unauthenticated:
    'Run this where the installation keeps its secrets, or set INTERNAL_AUTH_KEY_FILE to the key that it runs with.',
  not_found: 'Check how it is written, or list what there is.',
  permission_denied: 'Ask for less, or let the person do it.',
  already_exists: 'Use what is there, or take another name.',
  conflict: 'Bring it into another state first, then run this again.',
  invalid_request: 'Correct the command line; --help says how it is written.',
  service_unavailable: 'Look at /health/ready of the auth service, then run this again.',
  unimplemented: 'Bring the auth service that runs up to this version.',
  internal: 'Its log says why.',
};

/** A refusal of the auth service in words: what it said of it, then one sentence that says what to do next. */
export function describeRefusal(error: AppError): string {
  const { title, help } = errorCodes[error.code];
  const { detail, errors = [] } = error.details;
  const said = detail || title;
  const fields = errors.map(({ field, rule }) => `${field}: ${rule}`).join('; ');
  const what = fields === '' ? said : `${said.replace(/\.$/, '')} (${fields})`;
  return `${what.replace(/\.?$/, '.')} ${nextSteps[error.code] ?? help}`;
}
