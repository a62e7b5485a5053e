import { linkSync, mkdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes the lock of the installation, so that two starts never install into each other. Waits for a living holder; what
 * a killed one left running (its npm) is ended first.
 */
export async function holdInstallLock(root) {
  const folder = join(root, '.setup');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'install.lock');
  const own = { pid: process.pid, started: startTimeOf(process.pid), child: undefined };
  let hasSpoken = false;
  while (!tryTake(file, own)) {
    const holder = readHolder(file);
    if (holder && startTimeOf(holder.pid) === holder.started) {
      if (!hasSpoken) console.log(`Another start (pid ${holder.pid}) is installing; waiting for it …`);
      hasSpoken = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
    } else {
      await endLeftover(root, holder?.child);
      rmSync(file, { force: true });
    }
  }
  return {
    noteChild(pid) {
      own.child = { pid, started: startTimeOf(pid) };
      writeFileSync(file, JSON.stringify(own));
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** A hard link either appears whole or not at all, so no one ever reads half a lock. */
function tryTake(file, own) {
  const draft = `${file}.${process.pid}`;
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

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // Gone meanwhile, or cut off while being rewritten: nobody holds it.
  }
}

async function endLeftover(root, child) {
  if (!child || startTimeOf(child.pid) !== child.started || cwdOf(child.pid) !== realpathSync(root)) return;
  console.log(`Ending an installation that was left over (pid ${child.pid}) …`);
  process.kill(child.pid, 'SIGKILL');
  while (startTimeOf(child.pid) === child.started) await new Promise((resolve) => setTimeout(resolve, 50));
}

function cwdOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Start time of a living process in clock ticks since boot: with the pid it names a process for ever. */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
