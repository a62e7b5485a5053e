import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const notCategories = new Set(['spec', 'kit', 'router']);

/** Every provider folder has the same files, named after the provider, and a row in its category's README. */
export function checkProviders(root: string): string[] {
  const home = join(root, 'libs/providers');
  return readdirSync(home)
    .filter((category) => !notCategories.has(category) && existsSync(join(home, category, 'src')))
    .flatMap((category) => checkCategory(home, category));
}

function checkCategory(home: string, category: string): string[] {
  const complaints: string[] = [];
  const sources = join(home, category, 'src');
  if (!existsSync(join(sources, `${category}-registry.ts`)))
    complaints.push(`${category} has no ${category}-registry.ts`);
  const readmeFile = join(home, category, 'README.md');
  const readme = existsSync(readmeFile) ? readFileSync(readmeFile, 'utf8') : '';
  for (const entry of readdirSync(sources, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const provider = entry.name;
    const id = provider.replaceAll('-', '_');
    for (const name of ['manifest.ts', `${provider}-provider.ts`, `${provider}-provider.test.ts`]) {
      if (!existsSync(join(sources, provider, name))) complaints.push(`${category}/${provider} has no ${name}`);
    }
    if (!readme.includes(`\`${id}\``)) complaints.push(`${category}/README.md has no row for \`${id}\``);
    complaints.push(...checkFixtures(join(sources, provider), `${category}/${provider}`));
  }
  return complaints;
}

/** A remote provider has fixtures of the cases that the conformance suite plays. */
function checkFixtures(folder: string, name: string): string[] {
  // What lives in another category is remote: a local provider has no host to share.
  if (!/kind: 'remote'|homeOf\(/.test(readFileSync(join(folder, 'manifest.ts'), 'utf8'))) return [];
  const fixtures = existsSync(join(folder, 'fixtures')) ? readdirSync(join(folder, 'fixtures')) : [];
  const missing = ['success', 'rate-limited', 'server-error', 'malformed'].filter(
    (kind) => !fixtures.some((file) => file.includes(`.${kind}`)),
  );
  return missing.map((kind) => `${name} has no fixture for ${kind}`);
}
