import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePostmasterFile } from './postmaster-file.ts';

describe('ok', () => {
  test('pid, port and status are read from their lines', () => {
    const text = '4711\n/data/pg\n1764000000\n54321\n\n127.0.0.1\n  5000 1\nready   \n';
    expect(parsePostmasterFile(text)).toEqual({ pid: 4711, port: 54321, status: 'ready' });
  });

  test('a file that is still being written has no status', () => {
    expect(parsePostmasterFile('4711\n/data/pg\n')).toEqual({ pid: 4711, port: 0, status: '' });
  });
});

describe('bad input', () => {
  test('no text gives a pid that a signal could hit by mistake', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const file = parsePostmasterFile(text);
        expect(file === undefined || (Number.isSafeInteger(file.pid) && file.pid > 0)).toBe(true);
      }),
    );
    expect(parsePostmasterFile('-1\n')).toBeUndefined();
    expect(parsePostmasterFile('0\n')).toBeUndefined();
  });
});
