import { describe, expect, test } from '@jest/globals';
import type { AnswerMeta, AttemptRecord, Availability } from '@universal-api/providers-router';
import { isUnsureNothing, refuseNothing } from './refuse-nothing.ts';

const attempt = (provider: string, code: string): AttemptRecord => ({
  provider,
  outcome: code === '' ? 'ok' : 'failed',
  ms: 1,
  code,
});
const metaOf = (...attempts: AttemptRecord[]): AnswerMeta => ({
  provider: 'list',
  attempts,
  cached: false,
  asOf: 0,
  degraded: [{ code: 'weaker_basis', detail: 'far', from: 'far', to: 'list' }],
  licence: '',
  attribution: '',
  costNanoUsd: 0n,
  freshUntil: 0,
});
const standing = (provider: string, changes: Partial<Availability> = {}): Availability => ({
  provider,
  kind: 'remote',
  lineage: provider,
  licence: '',
  attribution: '',
  isPassing: changes.reason !== undefined,
  ...changes,
});

describe('nothing found', () => {
  test('is unsure only of an empty list on a weaker basis', () => {
    const meta = metaOf(attempt('far', 'timeout'), attempt('list', ''));
    expect(isUnsureNothing({ answer: [], meta })).toBe(true);
    expect(isUnsureNothing({ answer: ['one'], meta })).toBe(false);
    expect(isUnsureNothing({ answer: [], meta: { ...meta, degraded: [] } })).toBe(false);
  });

  test('without somebody who failed is provider_unavailable; each is told once, with its last failure', () => {
    const meta = metaOf(attempt('far', 'retry_here'), attempt('far', 'timeout'), attempt('list', ''));
    const off = standing('off', { reason: 'no_credential', variable: 'OFF_KEY' });
    const error = refuseNothing(meta, [standing('far'), standing('list'), off], 0);
    expect(error.code).toBe('provider_unavailable');
    expect(error.details).toEqual({
      candidates: [
        { provider: 'far', reason: 'timeout' },
        { provider: 'list', reason: 'empty' },
        { provider: 'off', reason: 'no_credential', variable: 'OFF_KEY' },
      ],
    });
  });

  test('without a network is provider_unavailable, until that is probed again', () => {
    const meta = metaOf({ ...attempt('far', 'offline'), outcome: 'skipped' }, attempt('list', ''));
    const error = refuseNothing(meta, [standing('far', { reason: 'offline' }), standing('list')], 0);
    expect(error.code).toBe('provider_unavailable');
    expect(error.details).toMatchObject({ retryAfterS: 10, candidates: [{ reason: 'offline' }, { reason: 'empty' }] });
  });

  test('without somebody whose allowance is used up is no_provider_available, until that is back', () => {
    const meta = metaOf(attempt('far', 'quota'), attempt('list', 'empty'));
    const spent = standing('far', { reason: 'quota', availableAt: 61_500 });
    const error = refuseNothing(meta, [spent, standing('list')], 1_000);
    expect(error.code).toBe('no_provider_available');
    expect(error.details).toMatchObject({ retryAfterS: 61, next: { action: 'wait' } });
  });

  test('because the tenant has no call left is budget_exceeded, until it has one again', () => {
    const meta = metaOf({ ...attempt('far', 'quota'), outcome: 'skipped' }, attempt('list', 'empty'));
    const quota = { isHeld: false, reason: 'quota', availableAt: 61_500 } as const;
    const error = refuseNothing({ ...meta, quota }, [standing('far'), standing('list')], 1_000);
    expect(error.code).toBe('budget_exceeded');
    expect(error.details.retryAfterS).toBe(61);
  });
});
