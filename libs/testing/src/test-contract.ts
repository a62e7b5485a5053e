import { loadContract, type Contract } from '@universal-api/protos';
import { readFileSync } from 'node:fs';

const imageFile = new URL('../gen/image.binpb', import.meta.url);
let contract: Contract | undefined;

/** The contract of package `uapi.testing.v1`, from the committed image; read once. */
export function testContract(): Contract {
  return (contract ??= loadContract(readFileSync(imageFile)));
}
