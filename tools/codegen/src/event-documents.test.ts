import { expect, test } from '@jest/globals';
import { productEvents } from '@universal-api/events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventDocuments } from './event-documents.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
const documents = eventDocuments(productEvents, version);

test.each(documents)('%s is what the catalogue says now', (path, text) => {
  expect(readFileSync(root + path, 'utf8')).toBe(text);
});

test('there is no document of an event that cannot happen any more', () => {
  const written = readdirSync(`${root}docs/events`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length));
  const expected = documents.map(([path]) => path).filter((path) => path.startsWith('docs/events/'));
  expect(written.toSorted()).toEqual(expected.toSorted());
});
