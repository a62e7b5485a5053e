import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseTemplate, valueOf } from './match-template.ts';

describe('a template', () => {
  test('is taken apart into segments, variables and verb', () => {
    expect(parseTemplate('/v1/{name=shelves/*}/books/{book.id}:cancel')).toEqual({
      text: '/v1/{name=shelves/*}/books/{book.id}:cancel',
      segments: [
        { kind: 'literal', text: 'v1' },
        { kind: 'literal', text: 'shelves' },
        { kind: 'one' },
        { kind: 'literal', text: 'books' },
        { kind: 'one' },
      ],
      variables: [
        { field: 'name', start: 1, end: 3 },
        { field: 'book.id', start: 4, end: 5 },
      ],
      verb: 'cancel',
    });
  });

  test('may end in **, with or without a variable', () => {
    expect(parseTemplate('/a/{path=**}').variables).toEqual([{ field: 'path', start: 1, end: Infinity }]);
    expect(parseTemplate('/a/{path=b/**}:x')).toMatchObject({ verb: 'x', variables: [{ start: 1, end: Infinity }] });
    expect(parseTemplate('/a/**').segments.at(-1)).toEqual({ kind: 'rest' });
  });

  test.each([
    ['a/b', 'does not start with /'],
    ['/a//b', 'segment that is none'],
    ['/a/{x', 'does not close'],
    ['/a/{}', 'names no field'],
    ['/a/{x=**}/b', '** before its end'],
    ['/{x}/{x}', 'twice'],
    ['/a/{x=}', 'segment that is none'],
    ['/a:', 'odd verb'],
    ['/a b', 'segment that is none'],
  ])('is refused when wrong: %s', (text, fault) => {
    expect(() => parseTemplate(text)).toThrow(fault);
  });

  test('any text is either taken apart or refused with a reason, never worse', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'/{}=*.:ab_%') }), (text) => {
        try {
          expect(parseTemplate(`/${text}`).segments.length).toBeGreaterThan(0);
        } catch (error) {
          expect((error as Error).message).toMatch(/^the path template /);
        }
      }),
    );
  });
});

describe('the value of a variable', () => {
  const segments = ['a', 'b', 'c'];
  test('is its segments, joined', () => {
    expect(valueOf({ field: 'x', start: 1, end: 2 }, segments)).toBe('b');
    expect(valueOf({ field: 'x', start: 0, end: 2 }, segments)).toBe('a/b');
    expect(valueOf({ field: 'x', start: 1, end: Infinity }, segments)).toBe('b/c');
    expect(valueOf({ field: 'x', start: 3, end: Infinity }, segments)).toBe('');
  });
});
