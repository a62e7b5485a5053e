import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRunning } from './find-running.mjs';
import { holdInstallLock } from './install-lock.mjs';
import { linkPostgresLibraries } from './link-postgres.mjs';

/**
 * Makes `node_modules` what the lock file says, if it is not already: `npm ci`, then the links that PostgreSQL's
 * libraries need. The stamp is written last, so whatever was cut off before is done again.
 */
export async function ensureInstalled(root) {
  const stampFile = join(root, 'node_modules', '.universal-api-stamp');
  const stamp = wantedStamp(root);
  const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isInstalled()) return;
  const lock = await holdInstallLock(root);
  try {
    if (isInstalled()) return; // Another start has just done it.
    const running = findRunning(root);
    if (running) {
      throw new Error(
        `The product runs in this folder (pid ${running.pid}, ${running.url}) and its packages have changed; stop it first.`,
      );
    }
    say('Installing packages from the lock file (about half a minute) …');
    const startedAt = Date.now();
    await npmCi(root, lock);
    linkPostgresLibraries(root);
    writeFileSync(`${stampFile}.new`, stamp);
    renameSync(`${stampFile}.new`, stampFile);
    say(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.`);
  } finally {
    lock.release();
  }
}

function wantedStamp(root) {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', '.npmrc']) hash.update(readFileSync(join(root, name)));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
}

async function npmCi(root, lock) {
  // The npm that started us, if there is one; it is a script for the Node that runs now.
  const npmScript = process.env.npm_execpath;
  const [command, first] = npmScript?.endsWith('.js') ? [process.execPath, [npmScript]] : ['npm', []];
  const output = [];
  const child = spawn(command, [...first, 'ci', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  lock.noteChild(child.pid);
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  process.off('SIGINT', pass).off('SIGTERM', pass);
  if (code !== 0) {
    const lines = Buffer.concat(output).toString().trim().split('\n').slice(-15).join('\n');
    throw new Error(`Installing the packages failed; npm said:\n${lines}\nMend that and start again.`);
  }
}

function say(line) {
  console.log(line);
}
