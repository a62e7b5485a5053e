import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimTwin } from './claim-twin.ts';
import { planHome, settleHome } from './home-file.ts';

let root = '';
let twin = '';
let folder = '';
let other = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'uapi-claim-')));
  [twin, folder, other] = [join(root, 'twin'), join(root, 'one'), join(root, 'two')];
  for (const path of [twin, folder]) mkdirSync(path);
  planHome(folder, twin);
  claimTwin(twin, folder);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const holder = () => readFileSync(join(twin, 'pg.folder'), 'utf8');

describe('ok', () => {
  test('the twin says whose it is, by the real path', () => {
    symlinkSync(folder, other);
    claimTwin(twin, other);
    expect(holder()).toBe(folder);
  });

  test('a moved folder takes its twin with it', () => {
    renameSync(folder, other);
    claimTwin(twin, other);
    expect(holder()).toBe(other);
  });

  test('one folder by two paths, as a mount gives it, is no copy', () => {
    symlinkSync(folder, other);
    writeFileSync(join(twin, 'pg.folder'), other);
    claimTwin(twin, folder);
    expect(holder()).toBe(folder);
  });

  test('a folder that was begun anew has left its twin to the copy', () => {
    cpSync(folder, other, { recursive: true });
    planHome(folder, join(root, 'another'));
    claimTwin(twin, other);
    expect(holder()).toBe(other);
  });
});

describe('refused', () => {
  test.each([false, true])('a copy, whether the cluster was made already or not (%p)', (isSettled) => {
    if (isSettled) settleHome(folder, twin);
    cpSync(folder, other, { recursive: true });
    expect(() => claimTwin(twin, other)).toThrow(`${other} is a copy of ${folder}`);
    expect(holder()).toBe(folder);
    claimTwin(twin, folder);
  });
});
