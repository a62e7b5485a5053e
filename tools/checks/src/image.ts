import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BaseImage, prepareBase } from './image/base-image.ts';
import { measureFolder } from './image/measure-folder.ts';
import { readDockerfile } from './image/read-dockerfile.ts';
import { makeUnwritable, makeWritable, startInImage } from './image/run-as.ts';
import { createBuilder } from './image/run-dockerfile.ts';
import type { Stage } from './image/run-stage.ts';
import { startProduct } from './image/start-product.ts';
import { NotRun } from './not-run.ts';
import type { PackableApp } from './pack/packable-apps.ts';

/** What an image may add to its base, MB, packed. */
const budgetMb: Readonly<Partial<Record<PackableApp, number>>> = { search: 220, simulator: 220 };
const usualBudgetMb = 70;

/** The images of the ordinary run: those that a call goes through, and the jobs before it. */
export const usualImages: readonly PackableApp[] = ['admin', 'auth', 'search', 'gateway'];

/**
 * Builds images of the Dockerfile in folders, without Docker: executes its steps, measures what each adds to the base, looks
 * for what it must not have, and runs the results as the user of the image on files that it cannot write.
 *
 * `apps` has at least the usual ones. Answers complaints; throws `NotRun` when all was built and no servers were there. What this does not prove: that the base image exists and works, and what only a kernel's namespaces do
 * (`read_only`, dropped capabilities, networks, limits).
 */
export async function checkImage(root: string, apps: readonly PackableApp[]): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'uapi-image-'));
  chmodSync(work, 0o755);
  try {
    const images = new Map<PackableApp, Stage>();
    let base: BaseImage = { bin: '' };
    const build = createBuilder({
      instructions: readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8')),
      context: root,
      work,
      base: (image) => (base = prepareBase(root, image, join(work, 'base'))),
    });
    const complaints: string[] = [];
    for (const app of apps) {
      const image = build(app, { APP: app });
      images.set(app, image);
      complaints.push(...(await inspect(app, image, base.bin)));
    }
    return complaints.length > 0
      ? complaints
      : await startProduct({ images, bin: base.bin, secrets: volumeIn(work, images) });
  } catch (error) {
    if (error instanceof NotRun) throw error;
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    makeWritable(work);
    rmSync(work, { recursive: true, force: true });
  }
}

/** Size, user, health check, and that nothing in it can be written. */
async function inspect(app: PackableApp, image: Stage, bin: string): Promise<string[]> {
  const complaints: string[] = [];
  const sizeMb = (await measureFolder(image.folder)) / 1e6;
  const budget = budgetMb[app] ?? usualBudgetMb;
  console.log(`        ${app}: ${sizeMb.toFixed(1)} MB of ${budget} added to the base`);
  if (sizeMb > budget) complaints.push(`${app}: ${sizeMb.toFixed(1)} MB, more than ${budget}`);
  if (image.user === undefined || image.user.startsWith('0:')) complaints.push(`${app} runs as root`);
  if (image.healthcheck === undefined) complaints.push(`${app} has no health check`);
  if (image.entrypoint === undefined) complaints.push(`${app} has no entry point`);
  makeUnwritable(join(image.folder, image.workdir));
  const words = [execFileSync('which', ['find'], { encoding: 'utf8' }).trim(), '.', '-writable', '!', '-type', 'l'];
  const finder = startInImage(image, { bin, words, environment: {} });
  await finder.ended;
  const [writable] = finder.output().split('\n');
  if (writable) complaints.push(`${app}: its user may write ${writable}`);
  return complaints;
}

/** A folder for the secrets with the owner that the image gives to its volume. */
function volumeIn(work: string, images: ReadonlyMap<PackableApp, Stage>): string {
  const folder = join(work, 'secrets');
  mkdirSync(folder);
  const [uid, gid] = (images.get('admin')?.user ?? '').split(':').map(Number);
  if (process.getuid?.() === 0 && uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}
