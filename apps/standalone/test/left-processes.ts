import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Pids of living processes (no zombies) that work in a folder or below it. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const cwd = readlinkSync(`/proc/${pid}/cwd`);
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        return (cwd === folder || cwd.startsWith(`${folder}/`)) && state !== 'Z';
      } catch {
        return false; // Gone meanwhile, or not ours to see.
      }
    });
}
