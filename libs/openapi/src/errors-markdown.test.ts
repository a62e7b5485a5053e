import { describe, expect, test } from '@jest/globals';
import { errorCodes, factsOf, type ErrorCode } from '@universal-api/errors';
import { toErrorsMarkdown } from './errors-markdown.ts';

describe('the list of errors', () => {
  const rows = toErrorsMarkdown()
    .split('\n')
    .filter((line) => /^\| \d/.test(line));

  test('has every code of the registry once, with its text', () => {
    expect(rows).toHaveLength(Object.keys(errorCodes).length);
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      const [row, ...more] = rows.filter((line) => line.includes(`\`${code}\`](`) || line.includes(`| \`${code}\` |`));
      expect(more).toEqual([]);
      expect(row).toContain(factsOf(code).help);
    }
  });

  test('is in order of status', () => {
    const statuses = rows.map((row) => Number(row.slice(2, 5)));
    expect(statuses).toEqual(statuses.toSorted((a, b) => a - b));
  });
});
