import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptCompleted, requestCompleted, searchCompleted } from './catalogue/index.ts';
import { createSampledWriter, writeChecked } from './payload-writer.ts';

const text = fc.string({ maxLength: 20 });
const count = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const request = fc.record({
  callId: text,
  keyLineage: maybe(text),
  route: text,
  method: text,
  status: count,
  outcome: text,
  code: text,
  operation: text,
  provider: maybe(text),
  cached: maybe(fc.boolean()),
  totalUs: count,
  violatedPolicies: fc.array(text, { maxLength: 3 }),
});

describe('a payload that is written unlooked-at', () => {
  const write = createSampledWriter(0);

  test('is, byte for byte, what a checked one would be', () => {
    fc.assert(
      fc.property(request, (data) => {
        expect(write(requestCompleted, data)).toBe(writeChecked(requestCompleted, data));
      }),
    );
  });

  test('has the fields that nobody gave, where they have no presence', () => {
    const data = { callId: 'c', provider: 'p', operation: 'o', attempt: 1 };
    expect(write(attemptCompleted, data)).toBe(writeChecked(attemptCompleted, data));
  });
});

describe('a payload that is looked at', () => {
  test('is refused when it is not of its message: at the share that was asked for, and always when it is not flat', () => {
    const foreign = { callId: 'c', nonsense: 1 } as never;
    expect(() => createSampledWriter(1)(requestCompleted, foreign)).toThrow('nonsense');
    expect(() => createSampledWriter(0.5, () => 0.4)(requestCompleted, foreign)).toThrow('nonsense');
    expect(() => createSampledWriter(0)(searchCompleted, foreign)).toThrow('nonsense');
  });
});
