import { describe, expect, test } from '@jest/globals';
import { complaintsAboutEntry } from './lockfile.ts';

const entry = { version: '1.0.0', integrity: 'sha512-x' };
const complain = (change: object) => complaintsAboutEntry('node_modules/left-pad', { ...entry, ...change });

describe('T26 the lock file', () => {
  test('a clean entry, and a link to a workspace, pass', () => {
    expect(complain({})).toEqual([]);
    expect(complaintsAboutEntry('node_modules/@universal-api/errors', { link: true, resolved: 'libs/errors' })).toEqual(
      [],
    );
  });

  test.each([
    ['a git URL', { resolved: 'git+ssh://host/x.git' }, 'git URL'],
    ['plain http', { resolved: 'http://host/x.tgz' }, 'plain http'],
    ['an address', { resolved: 'https://host/x.tgz' }, 'names an address'],
    ['no integrity', { integrity: undefined }, 'no integrity'],
    ['an unknown install script', { hasInstallScript: true }, 'not on the list'],
  ])('%s fails with its own message', (_, change, message) => {
    expect(complain(change)).toEqual([expect.stringContaining(message)]);
  });
});
