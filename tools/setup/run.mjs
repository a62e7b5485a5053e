/**
 * Sets the installation up, then runs one program in it: `node tools/setup/run.mjs <file.ts> [arguments]`.
 * Plain JavaScript: it runs under whatever Node the machine has, and brings the Node that the product needs.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { findNode } from './find-node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** kafkajs computes a timeout below zero now and then, which is harmless and which Node 24 warns of. */
const quiet = ['--disable-warning=TimeoutNegativeWarning'];
const [program, ...programArguments] = process.argv.slice(2);

try {
  if (!program) throw new Error('usage: node tools/setup/run.mjs <file.ts> [arguments]');
  await ensureInstalled(root);
  const node = findNode(root);
  const { code } = await run(node, [join(root, 'tools/setup/compile-data.ts')], 'inherit');
  if (code !== 0) throw new Error('The local data could not be compiled; the lines above say why.');
  const envFile = existsSync(join(root, '.env')) ? [`--env-file=${join(root, '.env')}`] : [];
  const end = await run(node, [...envFile, ...quiet, join(root, program), ...programArguments], 'ipc');
  process.exitCode = end.code ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Runs a program to its end; passes signals on. With `ipc` it notices when this process dies and ends itself. */
function run(command, words, channel) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const child = spawn(command, words, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: channel === 'ipc' ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, pass);
      resolve({ code, signal });
    });
  });
}
