import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRefusal } from './read-refusal.ts';

describe('a refusal of request.completed', () => {
  test('says how the bucket stood, and when each next unit came back', () => {
    expect(readRefusal('lookup-min q=100 w=60 c=3 d=59400000 t=600000')).toEqual({
      policy: 'lookup-min',
      q: 100,
      windowS: 60,
      cost: 3,
      debtS: 59.4,
      slotsS: [0.6, 1.2, 1.8, 2.4, 3, 3.6, 4.2, 4.8, 5.4, 6],
    });
  });

  test('has no more units than were used', () => {
    expect(readRefusal('course-min q=2 w=60 c=1 d=60000000 t=30000000')?.slotsS).toEqual([30, 60]);
  });

  test('is nothing if it is worded otherwise', () => {
    for (const text of ['', 'lookup-min', 'x q=0 w=60 c=1 d=0 t=0', 'lookup-min q=1 w=60 c=1 d=-1 t=0']) {
      expect(readRefusal(text)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => void readRefusal(text)));
  });
});
