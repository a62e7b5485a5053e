import { expect, test } from '@jest/globals';
import { createLogger } from '@universal-api/logging';
import { shareLevels } from './share-levels.ts';

function setUp() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) };
  const root = createLogger({ service: 'standalone', instance: 'one', level: 'info', destination });
  return { lines, log: shareLevels(root, 'standalone') };
}

test('a level of a part holds for everybody who logs as that part, and for nobody else', () => {
  const { lines, log } = setUp();
  const early = log.part('search');
  log.part('search').setLevel('debug');
  early.debug('early');
  log.part('search').debug('late');
  log.part('auth').debug('other');
  log.debug('whole');
  expect(lines).toEqual(['early', 'late']);
});

test('a level of the whole holds for every part, and the process as a part is the whole', () => {
  const { lines, log } = setUp();
  const part = log.part('search');
  log.part('standalone').setLevel('debug');
  part.debug('part');
  log.debug('whole');
  expect([lines, part.level()]).toEqual([['part', 'whole'], 'debug']);
});
