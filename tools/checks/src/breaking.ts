import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const violations = 100;

/**
 * The protos break no promise of the last release (`protos/released.binpb`); before the first release that is said. A
 * negative fixture, the protos without one field, proves each time that the check can fail.
 */
export function checkBreaking(root: string): string[] {
  const released = join(root, 'protos/released.binpb');
  const complaints: string[] = [];
  if (existsSync(released)) complaints.push(...compare(join(root, 'protos'), released, root));
  else
    console.log('        no release yet: nothing to be compatible with (protos/released.binpb comes with the first)');
  if (compareFixture(root) !== violations) complaints.push('buf breaking did not notice that a field was removed');
  return complaints;
}

function compare(protos: string, against: string, root: string): string[] {
  const { status, stdout } = spawnSync('buf', ['breaking', protos, '--against', against], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? [] : [`the protos break the released contract:\n${stdout}`];
}

function compareFixture(root: string): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-protos-'));
  try {
    cpSync(join(root, 'protos'), folder, { recursive: true });
    const file = join(folder, 'uapi/common/v1/meta.proto');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^.*string attribution = 9;\n/m, ''));
    const image = join(root, 'libs/protos/gen/image.binpb');
    return spawnSync('buf', ['breaking', folder, '--against', image], { cwd: root }).status;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
