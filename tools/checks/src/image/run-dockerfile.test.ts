import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { toIgnored } from './copy-context.ts';
import { readDockerfile } from './read-dockerfile.ts';
import { createBuilder } from './run-dockerfile.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-builder-'));
  for (const name of ['context', 'work']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const builderOf = (source: string) =>
  createBuilder({
    instructions: readDockerfile(source),
    context: join(folder, 'context'),
    work: join(folder, 'work'),
    base: () => ({ bin: dirname(process.execPath) }),
  });

const source = `FROM node:1 AS build
WORKDIR /b
COPY . .
RUN echo once >> log
FROM build AS pack
ARG APP
RUN mkdir out && echo "$APP" > out/name && cp log out/log
FROM node:1
ARG BUILD=unknown
ENV UAPI_BUILD=\${BUILD}
WORKDIR /app
COPY --from=pack /b/out ./
USER 10:10
HEALTHCHECK --interval=5s CMD ["node", "health.mjs"]
ENTRYPOINT ["node", "main.ts"]
`;

test('each image has its own argument, and the stage without one is made once', () => {
  writeFileSync(join(folder, 'context/.dockerignore'), 'secret\n');
  writeFileSync(join(folder, 'context/secret'), '');
  const build = builderOf(source);
  const images = ['one', 'two'].map((APP) => build(APP, { APP }));
  expect(images.map((image) => readFileSync(join(image.folder, 'app/name'), 'utf8'))).toEqual(['one\n', 'two\n']);
  expect(images.map((image) => readFileSync(join(image.folder, 'app/log'), 'utf8'))).toEqual(['once\n', 'once\n']);
  expect(images[0]).toMatchObject({
    workdir: '/app',
    user: '10:10',
    environment: { UAPI_BUILD: 'unknown' },
    healthcheck: ['node', 'health.mjs'],
    entrypoint: ['node', 'main.ts'],
  });
  expect(existsSync(join(folder, 'work/shared-0/b/secret'))).toBe(false);
});

test.each([
  ['FROM node:1\nRUN exit 3', 'line 2: exit 3 ended with 3'],
  ['FROM node:1\nRUN cat /etc/hosts', 'line 2: RUN with an absolute path'],
  ['FROM node:1\nCOPY --from=other /a /b', 'no stage is named other'],
  ['FROM node:1\nENTRYPOINT node main.ts', 'line 2: node main.ts is no list'],
  ['FROM node:1\nENTRYPOINT ["node", "/app/main.ts"]', 'absolute path'],
  ['FROM node:1\nUSER node', 'line 2: USER is known as'],
  ['FROM node:1\nENV A=$B', 'line 2: B has no value'],
  ['RUN true', 'line 1: RUN before FROM'],
])('%j is refused', (text, why) => {
  expect(() => builderOf(text)('image', {})).toThrow(why);
});

test('patterns of .dockerignore', () => {
  const isIgnored = toIgnored('.git\n# comment\n**/node_modules\n**/*.test.ts\nlibs/*/gen\n');
  const paths = [
    '.git',
    'node_modules',
    'a/b/node_modules',
    'a/x.test.ts',
    'libs/y/gen',
    '.github',
    'a/x.ts',
    'libs/y/z/gen',
  ];
  expect(paths.filter(isIgnored)).toEqual(paths.slice(0, 5));
  expect(() => toIgnored('!a')).toThrow('! is not known');
});
