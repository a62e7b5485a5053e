import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { loadFixtures, type Fixture } from '@universal-api/providers-kit/fixtures';

/** Where the categories lie. */
export const providersFolder = new URL('../../../libs/providers/', import.meta.url);

/**
 * The fixtures of every remote provider, by its id: all folders `<category>/src/<provider>/fixtures`. A provider that
 * serves several categories has those of all.
 */
export async function findFixtures(folder = providersFolder): Promise<Readonly<Record<string, readonly Fixture[]>>> {
  const found: Record<string, readonly Fixture[]> = {};
  for (const category of await foldersOf(folder)) {
    const sources = new URL(`${category}/src/`, folder);
    for (const provider of existsSync(sources) ? await foldersOf(sources) : []) {
      const fixtures = new URL(`${provider}/fixtures/`, sources);
      if (!existsSync(fixtures)) continue;
      const id = provider.replaceAll('-', '_');
      found[id] = [...(found[id] ?? []), ...(await loadFixtures(fixtures))];
    }
  }
  return found;
}

async function foldersOf(folder: URL): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
