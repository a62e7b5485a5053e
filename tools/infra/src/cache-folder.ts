import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is fetched once for all runs of this clone; beside what the installation keeps, and ignored by git like it. */
export const cacheFolder = fileURLToPath(new URL('../../../.setup/infra', import.meta.url));

/**
 * A folder of the cache, filled once: `fill` works in a folder of its own that gets the name when all is done, so that half
 * a download is never taken for a whole one. Two that fill at once do the work twice and one result stays.
 */
export async function filledOnce(
  name: string,
  fill: (folder: string) => Promise<void>,
  cache: string = cacheFolder,
): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(`${folder}.unfinished-`);
  try {
    await fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    // Another run was faster; its folder is as whole as ours.
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
