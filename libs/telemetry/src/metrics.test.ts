import { describe, expect, test } from '@jest/globals';
import { createMetrics, durationBuckets, isTraceparent, newTraceparent, traceIdOf } from './index.ts';

describe('metrics', () => {
  test('are exposed as text, the build among them', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    metrics.counter('uapi_things_total', 'Things.', ['kind']).inc({ kind: 'a' }, 2);
    const { text, contentType } = await metrics.expose();
    expect(contentType).toContain('text/plain');
    expect(text).toContain('uapi_things_total{kind="a"} 2');
    expect(text).toContain('uapi_build_info{version="1.2.3"} 1');
  });

  test('a name asked for twice is one metric', async () => {
    const metrics = createMetrics({ version: '1' });
    metrics.counter('uapi_n_total', 'N.').inc();
    metrics.counter('uapi_n_total', 'N.').inc();
    expect((await metrics.expose()).text).toContain('uapi_n_total 2');
  });

  test('durations reach from 1 ms to 65 s', () => {
    expect(durationBuckets[0]).toBe(0.001);
    expect(durationBuckets.at(-1)).toBeCloseTo(65.536);
  });
});

describe('trace context', () => {
  test('a new one is valid and carries its trace id', () => {
    const header = newTraceparent();
    expect(isTraceparent(header)).toBe(true);
    expect(traceIdOf(header)).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    '',
    '00-0-0-00',
    `00-${'0'.repeat(32)}-${'1'.repeat(16)}-00`,
    `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-00`,
  ])('is refused: %s', (header) => expect(isTraceparent(header)).toBe(false));
});
