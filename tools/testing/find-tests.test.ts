import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findStackTests } from './find-stack-tests.ts';
import { findTests, pickProjects, pickTests } from './find-tests.ts';

const root = mkdtempSync(join(tmpdir(), 'uapi-find-'));
const files = {
  'apps/a/package.json': '{"nx":{"name":"a"}}',
  'apps/a/test/path.fault.ts': '/** W01, W04 */\nimport x;',
  'apps/a/test/story.test.ts': "import { startTestProduct } from './start-test-product.ts';\n",
  'libs/b/package.json': '{"nx":{"name":"b"}}',
  'libs/b/src/bus.broker.test.ts': '',
  'libs/b/src/bus.test.ts': '',
  'libs/b/src/log.fault.ts': '// W04 stands too late\n',
  'libs/b/node_modules/c/x.fault.ts': '',
  'tools/bb/package.json': '{}',
  'tools/bb/proxy.broker.test.ts': '',
};

beforeAll(() => {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('test files are found by the end of their names, those of vendors are not', () => {
  expect(findTests(root, '.fault.ts')).toEqual(['apps/a/test/path.fault.ts', 'libs/b/src/log.fault.ts']);
  expect(findTests(root, '.broker.test.ts')).toEqual([
    'libs/b/src/bus.broker.test.ts',
    'tools/bb/proxy.broker.test.ts',
  ]);
});

test('tests that speak through the gateway are found by the product that they start', () => {
  expect(findStackTests(root)).toEqual(['apps/a/test/story.test.ts']);
});

test('a word picks files by path or by first line, no word picks all', () => {
  const faults = findTests(root, '.fault.ts');
  expect(pickTests(root, faults, [])).toEqual(faults);
  expect(pickTests(root, faults, ['W01'])).toEqual(['apps/a/test/path.fault.ts']);
  expect(pickTests(root, faults, ['libs/b', 'W01'])).toEqual(faults);
  expect(pickTests(root, faults, ['W99'])).toEqual([]);
});

test('projects are picked by their Nx names alone', () => {
  const brokers = findTests(root, '.broker.test.ts');
  expect(pickProjects(root, brokers, ['--skip-nx-cache'])).toEqual(brokers);
  expect(pickProjects(root, brokers, ['--projects=a,b'])).toEqual(['libs/b/src/bus.broker.test.ts']);
  expect(pickProjects(root, brokers, ['--projects=a'])).toEqual([]);
});
