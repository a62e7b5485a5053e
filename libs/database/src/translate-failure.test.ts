import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { translateFailure } from './translate-failure.ts';

const failure = (message: string, facts: object = {}) => Object.assign(new Error(message), facts);
const codeAfter = (error: unknown) => {
  const translated = translateFailure(error);
  return AppError.is(translated) ? translated.code : 'as it came';
};

describe('away', () => {
  test.each([
    failure('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }),
    failure('connect ENOENT /run/.s.PGSQL.5432', { code: 'ENOENT', syscall: 'connect' }),
    failure('terminating connection due to administrator command', { code: '57P01' }),
    failure('the database system is starting up', { code: '57P03' }),
    failure('sorry, too many clients already', { code: '53300' }),
    failure('Connection terminated unexpectedly'),
    failure('timeout exceeded when trying to connect'),
    failure('Query read timeout'),
  ])('$message', (error) => {
    const translated = translateFailure(error);
    if (!AppError.is(translated)) throw new Error('not translated');
    expect(translated).toMatchObject({ code: 'service_unavailable', details: { retryAfterS: 2 }, cause: error });
    // Host, port and text of PostgreSQL are for logs alone.
    expect(JSON.stringify(translated.details)).not.toContain(error.message);
  });
});

describe('here', () => {
  test('a statement that took too long is deadline_exceeded', () => {
    expect(codeAfter(failure('canceling statement due to statement timeout', { code: '57014' }))).toBe(
      'deadline_exceeded',
    );
  });

  test.each([
    failure('duplicate key value', { code: '23505' }),
    failure('open', { code: 'ENOENT', syscall: 'open' }),
    failure('Connection terminated', { code: '42601' }),
    'text',
    undefined,
  ])('%s comes out as it went in', (error) => {
    expect(translateFailure(error)).toBe(error);
  });

  test('an AppError stays itself', () => {
    const error = new AppError('not_found', { cause: failure('gone', { code: '57P01' }) });
    expect(translateFailure(error)).toBe(error);
  });
});
