import { expect, test } from '@jest/globals';
import { checkAnswer } from './check-answer.ts';

test('an answer with what is known passes', () => {
  expect(
    checkAnswer({ a: 0, b: false, c: [], d: 'é', e: new Date(0), f: undefined, g: 1n, h: { i: 'a & b < c' } }),
  ).toEqual([]);
});

test.each([
  [{ a: null }, 'answer.a is null'],
  [{ a: [{ b: Number.NaN }] }, 'answer.a[0].b is not finite'],
  [{ a: new Date('x') }, 'answer.a is no date'],
  [{ a: '' }, 'answer.a stands for unknown'],
  [{ a: 'N/A' }, 'answer.a stands for unknown'],
  [{ a: ' x' }, 'answer.a is not trimmed'],
  [{ a: 'e\u0301' }, 'answer.a is not NFC'],
  [{ a: '<b>x</b>' }, 'answer.a holds HTML'],
  [{ a: 'x &amp; y' }, 'answer.a holds HTML'],
  [{ a: () => 1 }, 'answer.a is a function'],
])('%j is refused', (value, complaint) => {
  expect(checkAnswer(value)).toEqual([complaint]);
});
