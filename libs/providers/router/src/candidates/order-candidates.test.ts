import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orderCandidates } from './order-candidates.ts';

const someIds = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
const wishes = fc.array(fc.constantFrom('a', 'b', 'c', 'x'));

describe('the order of candidates', () => {
  test('has each candidate once, whatever is wished', () => {
    fc.assert(
      fc.property(someIds, wishes, (ids, order) => {
        const ordered = orderCandidates(
          ids.map((id) => ({ id })),
          order,
        );
        expect(ordered.map(({ id }) => id).sort()).toEqual([...ids].sort());
      }),
    );
  });

  test('puts those named first, in their order, and leaves the others as they were', () => {
    const chain = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
    expect(orderCandidates(chain, ['d', 'b', 'd', 'x']).map(({ id }) => id)).toEqual(['d', 'b', 'a', 'c']);
  });
});
