import { expect, test } from '@jest/globals';
import { httpRules, methodsOf, productContract } from '@universal-api/protos';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, layOutTestProtos, testContract, testServices } from './index.ts';

test('the committed image is what buf makes of the protos', () => {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-protos-'));
  try {
    layOutTestProtos(folder);
    const committed = readFileSync(new URL('../gen/image.binpb', import.meta.url));
    expect(Buffer.from(buildImage(folder)).equals(committed)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every method has an HTTP rule and a handler, and none of it is in the product', () => {
  const methods = methodsOf(testContract());
  for (const method of methods) {
    expect(httpRules(method).length).toBeGreaterThan(0);
    expect(testServices()[method.parent.typeName]).toHaveProperty(method.localName);
  }
  expect([...productContract().services.keys()].filter((name) => name.startsWith('uapi.testing.'))).toEqual([]);
});
