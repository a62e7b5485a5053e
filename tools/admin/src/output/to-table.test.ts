import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toCell, toTable } from './to-table.ts';

describe('a table', () => {
  test('has columns as wide as their widest cell, and no space at the end of a line', () => {
    const rows = [
      { id: 'ten_1', name: 'Acme' },
      { id: 'ten_1234', name: '' },
    ];
    expect(toTable({ ID: 'id', NAME: 'name' }, rows)).toBe('ID        NAME\nten_1     Acme\nten_1234  -');
  });

  test('has a line for each row, whatever is in it', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(undefined));
    fc.assert(
      fc.property(fc.array(fc.record({ a: cell, b: cell })), (rows) => {
        const lines = toTable({ A: 'a', B: 'b' }, rows).split('\n');
        expect(lines).toHaveLength(rows.length + 1);
      }),
    );
  });
});

test.each([
  [undefined, '-'],
  [null, '-'],
  ['', '-'],
  [true, 'yes'],
  [false, 'no'],
  [0, '0'],
  ['2026-11-24T20:00:00.123456Z', '2026-11-24 20:00:00Z'],
  [['a', 'b'], 'a b'],
  [[], '-'],
  [{ plan: 'pro', pool: '' }, 'plan=pro pool=-'],
  [{}, '-'],
  ['\u001b[2Jgone\r\n', '\ufffd[2Jgone\ufffd\ufffd'],
])('%j is shown as %j', (value, text) => {
  expect(toCell(value)).toBe(text);
});
