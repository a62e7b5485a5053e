import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './find-running.mjs';

const fileShape = /^install\.lock\.(\d+)$/;

/**
 * Takes the lock of the installation, so that two starts never install into each other. Waits for a living holder; what
 * a killed one left running (its npm) is ended first. Each holder has a file of its own, numbered above the last: a stale
 * one is never removed before a higher one is there, or a start could remove what another has just taken.
 */
export async function holdInstallLock(root) {
  const folder = join(root, '.setup');
  mkdirSync(folder, { recursive: true });
  const own = { pid: process.pid, started: startTimeOf(process.pid) };
  const draft = join(folder, `draft.${process.pid}`);
  let hasSpoken = false;
  for (;;) {
    const numbers = readdirSync(folder).flatMap((name) => fileShape.exec(name)?.[1] ?? []);
    const top = Math.max(0, ...numbers.map(Number));
    const holder = top > 0 ? readHolder(join(folder, `install.lock.${top}`)) : undefined;
    if (top > 0 && !holder) continue;
    if (holder && !holder.isDone && startTimeOf(holder.pid) === holder.started) {
      if (!hasSpoken) console.log(`Another start (pid ${holder.pid}) is installing; waiting for it …`);
      hasSpoken = true;
      await wait(300);
      continue;
    }
    if (holder) await endLeftover(root, holder.child);
    const file = join(folder, `install.lock.${top + 1}`);
    if (!tryLink(draft, file, own)) continue;
    for (const number of numbers) rmSync(join(folder, `install.lock.${number}`), { force: true });
    return {
      noteChild: (pid) => replace(file, { ...own, child: { pid, started: startTimeOf(pid) } }),
      release: () => replace(file, { ...own, isDone: true }),
    };
  }
}

/** A hard link either appears whole or not at all, so no one ever reads half a lock. */
function tryLink(draft, file, own) {
  writeFileSync(draft, JSON.stringify(own));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(file, content) {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}

/** The holder in a file; undefined when it has gone meanwhile. What cannot be read belongs to nobody alive. */
function readHolder(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return { isDone: true };
  }
}

async function endLeftover(root, child) {
  if (!child || startTimeOf(child.pid) !== child.started || cwdOf(child.pid) !== realpathSync(root)) return;
  console.log(`Ending an installation that was left over (pid ${child.pid}) …`);
  process.kill(child.pid, 'SIGKILL');
  while (startTimeOf(child.pid) === child.started) await wait(50);
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function cwdOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
