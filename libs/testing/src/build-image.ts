import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const output = fileURLToPath(new URL('../gen/image.binpb', import.meta.url));
/** What the test contract imports of the product's protos; no service of the product comes along. */
const imported = ['google', 'uapi/options', 'uapi/common'];

/**
 * Puts the test contract and what it imports into `folder`, for `buf build` or `buf generate`; a test may change the copy
 * before it builds.
 */
export function layOutTestProtos(folder: string): void {
  for (const path of imported) cpSync(join(repository, 'protos', path), join(folder, path), { recursive: true });
  cpSync(join(repository, 'libs/testing/protos'), folder, { recursive: true });
  writeFileSync(join(folder, 'buf.yaml'), 'version: v2\n');
}

/** The descriptor image of a folder of protos, source info included. Throws with buf's own words when they are wrong. */
export function buildImage(folder: string): Uint8Array {
  const file = join(folder, 'image.binpb');
  execFileSync(join(repository, 'node_modules/.bin/buf'), ['build', folder, '-o', file], { stdio: 'pipe' });
  return readFileSync(file);
}

/** Writes `gen/image.binpb`, the image that tests load. */
export function writeTestImage(): void {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-protos-'));
  try {
    layOutTestProtos(folder);
    mkdirSync(new URL('../gen', import.meta.url), { recursive: true });
    writeFileSync(output, buildImage(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
