import { errorCodes } from '@universal-api/errors';
import type { Schema } from './well-known-schemas.ts';

const text = (description: string): Schema => ({ type: 'string', description });
const seconds = (description: string): Schema => ({ type: 'integer', minimum: 0, description });

const fieldError: Schema = {
  type: 'object',
  properties: {
    field: text('Path of the field, such as `routing.deadline_ms`.'),
    rule: text('The rule it broke, in words.'),
  },
  required: ['field', 'rule'],
};

const next: Schema = {
  type: 'object',
  description: 'What to do now.',
  properties: {
    action: { type: 'string', enum: ['fix', 'retry', 'wait', 'enable', 'use_other'] },
    field: text('Field to fix.'),
    after_s: seconds('Seconds to wait.'),
    variable: text('Variable that the operator can set.'),
    operation: text('Operation that may serve instead.'),
  },
  required: ['action'],
};

const candidate: Schema = {
  type: 'object',
  properties: {
    provider: text('Id of the provider.'),
    reason: text('Why it was left out, or how it failed.'),
    variable: text('Variable that would enable it.'),
  },
  required: ['provider', 'reason'],
};

/** JSON Schema of a problem document: RFC 9457 section 3 with the members of `Problem` in libs/errors. */
export const problemSchema: Schema = {
  type: 'object',
  description: 'A refusal or failure (RFC 9457).',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'A page about this kind of problem.' },
    title: text('Short summary of the kind.'),
    status: { type: 'integer', description: 'HTTP status.' },
    detail: text('What happened this time.'),
    // Examples and no enum: a later version may know more codes, and a client must live with that.
    code: { ...text('Code of the registry; decide by this.'), examples: Object.keys(errorCodes) },
    request_id: text('The call, as in `X-Request-ID`.'),
    retryable: { type: 'boolean', description: 'Whether the same call may succeed later.' },
    errors: { type: 'array', items: fieldError, description: 'Fields that were refused.' },
    next,
    candidates: { type: 'array', items: candidate, description: 'Providers that were considered.' },
    retry_after: seconds('Seconds after which a repetition makes sense.'),
    'violated-policies': { type: 'array', items: { type: 'string' }, description: 'Rate policies that refused.' },
    explain: text('Path of an explanation.'),
    truncated: { type: 'boolean', description: 'Whether lists were cut to keep the problem small.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id', 'retryable', 'next'],
};
