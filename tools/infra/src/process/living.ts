import { readFileSync } from 'node:fs';

/** A process for ever: pids are given to others later, a pid with its start time is not. */
export interface ProcessMark {
  readonly pid: number;
  /** In clock ticks since boot, from `/proc/<pid>/stat`; empty where there is no `/proc`. */
  readonly started: string;
}

/** The mark of a living process; undefined for one that is gone or a zombie. */
export function markOf(pid: number): ProcessMark | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, started: fields[19] ?? '' };
  } catch {
    // Gone, or no `/proc` on this system: then the signal below is all that can be asked.
    return process.platform === 'linux' || !answersSignal(pid) ? undefined : { pid, started: '' };
  }
}

/** Whether the process of a mark still lives. */
export function isLiving(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.started === mark.started;
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
