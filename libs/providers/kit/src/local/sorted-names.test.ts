import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openNames, packNames } from './sorted-names.ts';

const compare = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
const buffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;

test('any names, packed and opened, are found where they are', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 6 });
  fc.assert(
    fc.property(fc.array(text), text, (given, asked) => {
      const packed = packNames(given);
      const names = [...given].sort(compare);
      expect(packed.order.map((position) => given[position])).toEqual(names);
      const opened = openNames(buffer(packed.text), buffer(packed.offsets));
      expect(opened.size).toBe(names.length);
      expect(names.map((_, position) => opened.at(position))).toEqual(names);
      const expected = names.findIndex((name) => compare(name, asked) >= 0);
      expect(opened.firstFrom(asked)).toBe(expected === -1 ? names.length : expected);
    }),
  );
});
