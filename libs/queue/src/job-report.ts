import { AppError, type ErrorCode } from '@universal-api/errors';

/** Why a run failed, as a label: a code of the registry, data that no job of this version takes, or anything else. */
export type FailureClass = ErrorCode | 'invalid_data' | 'unexpected';

/** What a queue has to say, for metrics and logs. */
export type JobReport =
  | {
      readonly kind: 'wake';
      readonly queue: string;
      readonly job: string;
      /** `failed`: the store did not take it; `dropped`: too many waited for an answer of the store, or the queue was closing. */
      readonly result: 'sent' | 'failed' | 'dropped';
    }
  | {
      readonly kind: 'run';
      readonly queue: string;
      readonly job: string;
      readonly key: string;
      readonly ms: number;
      /** Absent when it went well. */
      readonly failure?: { readonly class: FailureClass; readonly error: unknown };
    }
  /** The store took the queue, is away, or must not be used. Once per change. */
  | { readonly kind: 'store'; readonly state: 'open' | 'away' | 'unfit'; readonly error?: unknown }
  /** An error beside any run, at most one a second for each queue; `count` says how many it stands for. */
  | { readonly kind: 'store_error'; readonly queue: string; readonly error: unknown; readonly count: number }
  /** The workers of a queue were made anew. */
  | { readonly kind: 'rebuilt'; readonly queue: string };

/** The class of a thrown value. */
export function classOf(error: unknown): FailureClass {
  return AppError.is(error) ? error.code : 'unexpected';
}
