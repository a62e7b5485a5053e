import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTests } from './find-tests.ts';

/** What starts a product whose stack `UAPI_TEST_STACK` says. */
const starter = /^(?:import|\}).* from '\.\/start-[a-z-]+-product\.ts'/m;

/** Test files that speak through the gateway, as paths below the root, in order: they pass on every stack. */
export function findStackTests(root: string): string[] {
  return findTests(root, '.test.ts').filter((file) => starter.test(readFileSync(join(root, file), 'utf8')));
}
