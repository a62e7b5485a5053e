import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBucketTable } from './bucket-table.ts';

test('never more buckets than told, whatever comes, and the newest is always there', () => {
  const adds = fc.array(
    fc.record({
      policy: fc.constantFrom('a', 'b', 'c'),
      gapUs: fc.nat(50),
      lifeUs: fc.integer({ min: 1, max: 2_000 }),
    }),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(adds, fc.integer({ min: 1, max: 20 }), (list, max) => {
      const table = createBucketTable(max);
      let now = 0;
      for (const [index, { policy, gapUs, lifeUs }] of list.entries()) {
        now += gapUs;
        table.add(policy, `${index}`, { tatUs: now + lifeUs }, now);
        expect(table.size()).toBeLessThanOrEqual(max);
        expect(table.find(policy, `${index}`)?.tatUs).toBe(now + lifeUs);
      }
    }),
  );
});

test('while there is room no bucket in use is lost, and empty ones make room as others come', () => {
  const table = createBucketTable(1_000);
  for (let index = 0; index < 500; index += 1) table.add('kept', `${index}`, { tatUs: 1e9 }, 0);
  for (let index = 0; index < 10_000; index += 1) table.add('brief', `${index}`, { tatUs: index + 1 }, index);
  for (let index = 0; index < 500; index += 1) expect(table.find('kept', `${index}`)).toEqual({ tatUs: 1e9 });
  expect(table.size()).toBeLessThanOrEqual(1_000);
});

test('when all are in use, one that would soon be empty goes, not one with much to remember', () => {
  const table = createBucketTable(16);
  for (let index = 0; index < 15; index += 1) table.add('p', `long-${index}`, { tatUs: 1e9 }, 0);
  table.add('p', 'short', { tatUs: 1_000 }, 0);
  table.add('p', 'new', { tatUs: 1e9 }, 0);
  expect([table.size(), table.find('p', 'short'), table.find('p', 'new')]).toEqual([16, undefined, { tatUs: 1e9 }]);
});
