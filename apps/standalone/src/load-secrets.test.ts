import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret } from '@universal-api/config';
import { parseKeyRing } from '@universal-api/principal';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets } from './load-secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('secrets', () => {
  test('are made once, kept for the next start, and readable by their owner alone', () => {
    const first = loadSecrets(folder, {});
    expect(loadSecrets(folder, {}).INTERNAL_AUTH_KEY.reveal()).toBe(first.INTERNAL_AUTH_KEY.reveal());
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(parseKeyRing('INTERNAL_AUTH_KEY', first.INTERNAL_AUTH_KEY)).toHaveLength(1);
    expect(first.AUTH_KEY_PEPPER.reveal()).not.toBe(first.INTERNAL_AUTH_KEY.reveal());
  });

  test('that are handed in win and are not written down', () => {
    const given = new Secret('v1:handed-in');
    expect(loadSecrets(folder, { AUTH_KEY_PEPPER: given }).AUTH_KEY_PEPPER).toBe(given);
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('handed-in');
  });

  test('that cannot be read are never made anew: that would lock everyone out', () => {
    writeFileSync(join(folder, 'secrets.json'), '{"AUTH_KEY');
    expect(() => loadSecrets(folder, {})).toThrow('secrets.json cannot be read; restore it');
  });
});
