import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * protos → `libs/protos/gen`: the descriptor image (with source info) and the TypeScript types. The documents that
 * follow from the contract are written by a process of their own, since they import what was just generated.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });

run('buf', 'generate', '--template', 'protos/buf.gen.yaml');
run('buf', 'build', 'protos', '-o', 'libs/protos/gen/image.binpb');
run(process.execPath, 'libs/testing/build-image.ts');
run(process.execPath, 'tools/codegen/src/generate-documents.ts');
