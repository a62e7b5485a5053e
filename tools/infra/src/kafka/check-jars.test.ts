import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkJars } from './check-jars.ts';
import { kafkaArtifacts, kafkaJars } from './kafka-jars.ts';

const folder = mkdtempSync(join(tmpdir(), 'uapi-jars-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pinned = Object.fromEntries(
  ['a.jar', 'b.jar'].map((name) => [name, createHash('sha256').update(name).digest('hex')]),
);

beforeEach(() => {
  for (const name of Object.keys(pinned)) writeFileSync(join(folder, name), name);
});

describe('the pinned jars', () => {
  test('are taken', async () => {
    await expect(checkJars(folder, pinned)).resolves.toBeUndefined();
  });

  test('hold every artifact that Maven is asked for, each with a whole SHA-256', () => {
    for (const { name, version } of kafkaArtifacts) expect(kafkaJars).toHaveProperty([`${name}-${version}.jar`]);
    for (const sha256 of Object.values(kafkaJars)) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('anything else is refused by name', () => {
  test('a jar that was changed or cut off', async () => {
    writeFileSync(join(folder, 'b.jar'), 'b.ja');
    await expect(checkJars(folder, pinned)).rejects.toThrow(/^b\.jar is not the file that was pinned/);
  });

  test('a jar that is missing', async () => {
    rmSync(join(folder, 'a.jar'));
    await expect(checkJars(folder, pinned)).rejects.toThrow("a.jar of Kafka's jars is missing.");
  });

  test('a jar that nobody asked for', async () => {
    writeFileSync(join(folder, 'evil.jar'), '');
    await expect(checkJars(folder, pinned)).rejects.toThrow('evil.jar is not in the list');
    rmSync(join(folder, 'evil.jar'));
  });
});
