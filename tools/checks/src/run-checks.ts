import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBreaking } from './breaking.ts';
import { checkCompose } from './compose.ts';
import { checkDocuments } from './documents.ts';
import { checkDrift } from './drift.ts';
import { checkImage, usualImages } from './image.ts';
import { checkLicences } from './licences.ts';
import { checkLockfile } from './lockfile.ts';
import { NotRun } from './not-run.ts';
import { allApps } from './pack/packable-apps.ts';
import { checkPackages } from './packages.ts';
import { checkProviders } from './providers.ts';

/**
 * `npm run check [-- <name> …]`: everything that is checked beside the tests. Each check answers its complaints; none means passed.
 * One that lacks a program or a server throws `NotRun`: it counts as skipped, and with `INFRA=required` as failed.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));

const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };

const command =
  (...words: [string, ...string[]]) =>
  (): string[] => {
    const [program, ...rest] = words;
    const { status, stdout, stderr } = spawnSync(program, rest, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env,
    });
    return status === 0 ? [] : [`${words.join(' ')} ended with ${status}`, stdout.trim(), stderr.trim()];
  };

/** ESLint's boundary rule skips itself when nobody has computed the project graph; then nothing was checked. */
const lint = (): string[] => {
  const graph = command('nx', 'show', 'projects')();
  return graph.length > 0 ? graph : command('eslint', '.', '--max-warnings', '0')();
};

const checks: Record<string, () => string[] | Promise<string[]>> = {
  format: command('prettier', '--check', '.'),
  lint,
  types: command('tsc', '-p', 'tsconfig.json'),
  'proto lint': command('buf', 'lint', 'protos'),
  'proto format': command('buf', 'format', 'protos', '--diff', '--exit-code'),
  'proto breaking': () => checkBreaking(root),
  drift: () => checkDrift(root),
  packages: () => checkPackages(root),
  lockfile: () => checkLockfile(root),
  licences: () => checkLicences(root),
  providers: () => checkProviders(root),
  documents: () => checkDocuments(root),
  compose: () => checkCompose(root),
  image: () => checkImage(root, usualImages),
};
/** Those that run by name only, since they are a longer form of one above. */
const byName: typeof checks = {
  images: () => checkImage(root, allApps),
};

const wanted = process.argv.slice(2);
const known = { ...checks, ...byName };
const chosen = Object.entries(wanted.length === 0 ? checks : known).filter(
  ([name]) => wanted.length === 0 || wanted.includes(name),
);
if (chosen.length === 0) throw new Error(`unknown check; there are: ${Object.keys(known).join(', ')}`);

/** Complaints of a check, or why it did not run. */
async function run(check: () => string[] | Promise<string[]>): Promise<string[] | NotRun> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof NotRun)) throw error;
    return process.env['INFRA'] === 'required' ? [error.message] : error;
  }
}

let failed = 0;
let skipped = 0;
for (const [name, check] of chosen) {
  const startedAt = performance.now();
  const outcome = await run(check);
  const complaints = outcome instanceof NotRun ? [outcome.message] : outcome;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (outcome instanceof NotRun) skipped++;
  else if (complaints.length > 0) failed++;
  const word = outcome instanceof NotRun ? 'not run' : complaints.length === 0 ? 'passed' : 'FAILED';
  console.log(`${word}  ${name}  (${seconds} s)`);
  if (complaints.length > 0) {
    console.log(complaints.map((line) => `        ${line.replaceAll('\n', '\n        ')}`).join('\n'));
  }
}
const passed = chosen.length - failed - skipped;
mkdirSync(join(root, '.test-counts'), { recursive: true });
writeFileSync(
  join(root, '.test-counts', 'checks.json'),
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  }),
);
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
