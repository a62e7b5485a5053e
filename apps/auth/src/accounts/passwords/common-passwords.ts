import { readFileSync } from 'node:fs';

const listFile = new URL('../../../data/common-passwords.txt', import.meta.url);

/** The commonest passwords, lower case; where they come from stands at the head of the file. */
export function loadCommonPasswords(): ReadonlySet<string> {
  const lines = readFileSync(listFile, 'utf8').split('\n');
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('# ') && line !== '#'));
}
