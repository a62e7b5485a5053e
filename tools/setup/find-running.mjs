import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The living product of a data folder, as its locks say (`app.lock.<n>`: pid and start time); undefined when there is none. */
export function findRunning(root) {
  const folder = resolve(root, process.env.DATA_DIR || '.data');
  for (const name of listLocks(folder)) {
    try {
      const holder = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      if (startTimeOf(holder.pid) === holder.started) return holder;
    } catch {
      // Gone meanwhile or cut off: nobody alive holds it.
    }
  }
  return undefined;
}

function listLocks(folder) {
  try {
    return readdirSync(folder).filter((name) => /^app\.lock\.\d+$/.test(name));
  } catch {
    return []; // No data folder yet.
  }
}

/** Start time of a living process in clock ticks since boot: with the pid it names a process for ever. */
export function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
