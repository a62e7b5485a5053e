import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimateBytes } from './estimate-bytes.ts';

test('the estimate is no smaller than the text and numbers inside, and no larger than a small multiple of the JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(estimateBytes(value)).toBeLessThanOrEqual(24 * (json.length + 1));
      expect(estimateBytes([value, value])).toBeGreaterThanOrEqual(2 * estimateBytes(value));
    }),
  );
});

test('bytes and text count by their length', () => {
  expect(estimateBytes('x'.repeat(1_000))).toBeGreaterThanOrEqual(2_000);
  expect(estimateBytes({ picture: new Uint8Array(5_000) })).toBeGreaterThanOrEqual(5_000);
});
