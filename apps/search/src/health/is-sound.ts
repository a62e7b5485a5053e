import type { AttemptRecord } from '@universal-api/providers-router';

/** Ends that say nothing bad of a provider (architecture.md 6): it answered, or what was asked or allowed ended the attempt. */
const sound: ReadonlySet<string> = new Set([
  'caller_error',
  'not_found',
  'empty',
  'content_blocked',
  'quota_exhausted',
  'overloaded',
]);

/** Whether a provider did its part in an attempt. */
export function isSound({ outcome, code }: Pick<AttemptRecord, 'outcome' | 'code'>): boolean {
  return outcome === 'ok' || sound.has(code);
}
