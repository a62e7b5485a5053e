import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readDockerfile } from './read-dockerfile.ts';

test('instructions, flags and continued lines are read', () => {
  expect(readDockerfile('# a\nFROM node:1 AS x\n\nCOPY --from=x --chown=1:1 /a \\\n  /b\n')).toEqual([
    { line: 2, name: 'FROM', flags: {}, text: 'node:1 AS x' },
    { line: 4, name: 'COPY', flags: { from: 'x', chown: '1:1' }, text: '/a /b' },
  ]);
});

test.each([
  ['SHELL ["sh"]', 'line 1: SHELL'],
  ['FROM node:1\nADD x y', 'line 2: ADD'],
  ['RUN --mount=type=cache,target=/x npm ci', 'RUN --mount'],
  ['COPY --parents a b', 'COPY --parents'],
  ['RUN cat <<EOF', 'here-documents'],
  ['# syntax=docker/dockerfile:1', 'directives'],
  ['USER', 'says nothing'],
])('%j is refused by its line', (source, why) => {
  expect(() => readDockerfile(source)).toThrow(why);
});

test('the Dockerfile of the product is understood', () => {
  const file = new URL('../../../../Dockerfile', import.meta.url);
  expect(readDockerfile(readFileSync(file, 'utf8')).filter(({ name }) => name === 'FROM')).toHaveLength(3);
});
