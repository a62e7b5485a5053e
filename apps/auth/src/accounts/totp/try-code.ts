import { AppError } from '@universal-api/errors';
import type { ActLimits } from '../limits/act-limits.ts';

/** The refusal of a code. */
export function wrongCode(): AppError {
  return new AppError('invalid_credentials', { detail: 'The code is wrong, was used before or is too old.' });
}

/**
 * Takes one of the user's five tries in 15 minutes for `work`, which throws `wrongCode` for a code that is none. Only that costs
 * the try: a right code gives it back, and so does a failure that says nothing of the code. Errors: those of `work`;
 * `quota_exceeded`.
 */
export async function tryCode<Result>(limits: ActLimits, userId: string, work: () => Promise<Result>): Promise<Result> {
  const taken = await limits.take({ totp: userId });
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    const isWrong = AppError.is(error) && error.code === wrongCode().code;
    if (!isWrong) await taken.giveBack();
    throw error;
  }
  await taken.giveBack();
  return result;
}
