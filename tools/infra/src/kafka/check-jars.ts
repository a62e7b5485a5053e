import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Compares a folder with the pinned list. Errors: one sentence that names the first file that is other, missing or too many. */
export async function checkJars(folder: string, pinned: Readonly<Record<string, string>>): Promise<void> {
  const present = await readdir(folder);
  const strange = present.find((name) => pinned[name] === undefined);
  if (strange !== undefined) throw new Error(`${strange} is not in the list of Kafka's jars.`);
  for (const [name, wanted] of Object.entries(pinned)) {
    if (!present.includes(name)) throw new Error(`${name} of Kafka's jars is missing.`);
    const sha256 = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (sha256 !== wanted) throw new Error(`${name} is not the file that was pinned: its SHA-256 is ${sha256}.`);
  }
}
