import { describe, expect, test } from '@jest/globals';
import { AppError } from './app-error.ts';

describe('AppError', () => {
  test('keeps what is internal out of its public details', () => {
    const error = new AppError('internal', { internal: 'password=hush', cause: new Error('x') });
    expect(error.message).toContain('hush');
    expect(JSON.stringify(error.details)).not.toContain('hush');
  });

  test('is known by its marker, also from another copy of the class', () => {
    const copy = { [Symbol.for('universal-api.app-error')]: true, code: 'not_found', details: {} };
    expect(AppError.is(copy)).toBe(true);
    expect(AppError.is(new Error('x'))).toBe(false);
    expect(AppError.is(null)).toBe(false);
  });

  test('anything thrown becomes one, and what is not ours becomes internal', () => {
    const own = new AppError('not_found');
    expect(AppError.from(own)).toBe(own);
    expect(AppError.from('text').code).toBe('internal');
    expect(AppError.from(new TypeError('boom')).message).toBe('TypeError: boom');
  });
});
