import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const generated = ['libs/protos/gen', 'libs/testing/gen', 'docs', '.env.example'];

/** Generated files are what `npm run generate` writes now; it leaves the fresh ones in place. */
export function checkDrift(root: string): string[] {
  const before = fingerprints(root);
  const { status, stderr } = spawnSync(process.execPath, ['tools/codegen/src/generate.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) return [`generation failed:\n${stderr}`];
  const after = fingerprints(root);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} was not what npm run generate writes; it is now, commit it`);
}

function fingerprints(root: string): Map<string, string> {
  const files = generated.flatMap((path) => filesBelow(join(root, path)));
  return new Map(
    files.map((file) => [file.slice(root.length), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
