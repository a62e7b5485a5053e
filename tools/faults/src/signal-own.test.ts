import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freezeOwn, killOwn, signalOwn, thawOwn } from './signal-own.ts';

const stateOf = (pid: number): string => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';

/** A signal is delivered a moment after it is sent. */
async function becomes(pid: number, pattern: RegExp): Promise<void> {
  while (!pattern.test(stateOf(pid))) await new Promise((resolve) => setImmediate(resolve));
}

describe('ok', () => {
  test('a child is frozen, thawed and killed', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    freezeOwn(pid);
    await becomes(pid, /T/);
    thawOwn(pid);
    await becomes(pid, /[SR]/);
    const ended = once(child, 'exit');
    killOwn(pid);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  test('a child of a child is ours too', async () => {
    const child = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(child.stdout), 'line');
    const ended = once(child, 'exit');
    killOwn(Number(line));
    await ended;
  });
});

describe('not allowed', () => {
  test('a process that we did not start is refused: our parent, the first one, ourselves, none', () => {
    for (const pid of [process.ppid, 1, process.pid, 0, -1, 4_194_305]) {
      expect(() => signalOwn(pid, 'SIGCONT')).toThrow(/is not ours/);
    }
  });
});
