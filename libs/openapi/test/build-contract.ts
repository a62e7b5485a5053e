import { loadContract, type Contract } from '@universal-api/protos';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const head = `syntax = "proto3";
package uapi.sample.v1;
import "google/api/annotations.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "uapi/options/v1/options.proto";
`;

/** The contract that one proto file gives, its head left out, compiled as the product's own is. */
export function buildContract(proto: string): Contract {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    cpSync(join(root, 'protos/google'), join(folder, 'google'), { recursive: true });
    cpSync(join(root, 'protos/uapi/options'), join(folder, 'uapi/options'), { recursive: true });
    mkdirSync(join(folder, 'uapi/sample/v1'), { recursive: true });
    writeFileSync(join(folder, 'uapi/sample/v1/sample.proto'), head + proto);
    const image = join(folder, 'image.binpb');
    const run = spawnSync(join(root, 'node_modules/.bin/buf'), ['build', folder, '-o', image], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`buf build: ${run.stderr}`);
    return loadContract(readFileSync(image));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
