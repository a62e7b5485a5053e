import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { UnreachableError } from './auth/unreachable-error.ts';
import { endOf } from './exit-code.ts';
import { UsageError } from './words/parse-words.ts';

const withCode = (code: string, fields: object = {}) => Object.assign(new Error('said'), { code, ...fields });
const named = (name: string) => Object.assign(new Error('said'), { name });
const refusal = (cause?: unknown) => new AppError('service_unavailable', { internal: 'A sentence.', cause });

describe('usage', () => {
  test.each([new UsageError('x'), new ConfigError(['DATABASE_URL: is not set'])])('%s', (error) => {
    expect(endOf(error)).toBe('usage');
  });
});

describe('out of reach', () => {
  test.each([
    withCode('ECONNREFUSED'),
    withCode('EAI_AGAIN'),
    withCode('57P03'),
    withCode('08006'),
    withCode('ENOENT', { syscall: 'connect' }),
    refusal(withCode('ECONNREFUSED')),
    refusal(new Error('timeout expired')),
    refusal(refusal(withCode('ETIMEDOUT'))),
    new AggregateError([withCode('ECONNREFUSED')]),
    named('KafkaJSConnectionClosedError'),
    named('TimeoutError'),
    new UnreachableError('Nobody answers.'),
  ])('%s', (error) => {
    expect(endOf(error)).toBe('unreachable');
  });
});

describe('refused', () => {
  test.each([
    refusal(),
    // A login that is not let in has reached the server.
    refusal(withCode('28P01')),
    withCode('ENOENT', { syscall: 'open' }),
    new TypeError('x'),
    'text',
    undefined,
  ])('%s', (error) => {
    expect(endOf(error)).toBe('refused');
  });
});
