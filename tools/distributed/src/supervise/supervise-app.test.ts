import { afterEach, describe, expect, test } from '@jest/globals';
import { createFleet } from './create-fleet.ts';
import { superviseApp, type AppPlan, type SupervisedApp, type SuperviseOptions } from './supervise-app.ts';

/** What was said, and whoever waits for something to be said. */
function openRecord() {
  const lines: string[] = [];
  let wake = () => {};
  return {
    lines,
    say(name: string, line: string) {
      lines.push(`${name}: ${line}`);
      wake();
    },
    async until(pattern: RegExp, times = 1) {
      while (lines.filter((line) => pattern.test(line)).length < times) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

const started = new Set<{ stop(): Promise<void> }>();
afterEach(async () => {
  for (const part of started) await part.stop();
  started.clear();
});

/** A Node program as an app; it serves once it has printed `serving`. */
function planOf(name: string, program: string, record: ReturnType<typeof openRecord>): AppPlan {
  return {
    name,
    command: process.execPath,
    words: ['--eval', program],
    environment: { FROM_PLAN: 'handed over' },
    isReady: async () => record.lines.includes(`${name}: serving`),
  };
}

function optionsOf(record: ReturnType<typeof openRecord>, changed: Partial<SuperviseOptions> = {}): SuperviseOptions {
  const usual = { say: record.say, backOffMs: () => 0, readyMs: 20_000, stopMs: 20_000, stableMs: 1_000, now: () => 0 };
  return { ...usual, ...changed };
}

function supervise(plan: AppPlan, options: SuperviseOptions): SupervisedApp {
  const app = superviseApp(plan, options);
  started.add(app);
  return app;
}

const stays = `process.on('SIGINT', () => process.exit(0)); setInterval(() => {}, 1_000); console.log('serving');`;

function isLiving(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('ok', () => {
  test('lines of both outputs are told under the name of the app, which has the environment of the plan alone', async () => {
    const record = openRecord();
    const program = `console.error('to err'); console.log(process.env.FROM_PLAN, process.env.HOME ?? 'no home'); ${stays}`;
    await supervise(planOf('auth', program, record), optionsOf(record)).ready;
    expect(record.lines).toEqual(
      expect.arrayContaining(['auth: to err', 'auth: handed over no home', 'auth: serving']),
    );
  });

  test('one that is killed is started again, and its waits grow with each crash in a row', async () => {
    const record = openRecord();
    const asked: number[] = [];
    const options = optionsOf(record, {
      backOffMs(crashes) {
        asked.push(crashes);
        return 1;
      },
    });
    const app = supervise(planOf('auth', stays, record), options);
    await app.ready;
    for (const times of [2, 3, 4]) {
      process.kill(app.pid() ?? 0, 'SIGKILL');
      await record.until(/serving/, times);
    }
    expect(asked).toEqual([1, 2, 3]);
    expect(record.lines.filter((line) => line.includes('ended'))).toEqual(
      Array(3).fill('auth: ended (SIGKILL); it is started again in 0.001 s'),
    );
  }, 60_000);

  test('one that lived long enough has not crashed in a row', async () => {
    const record = openRecord();
    const asked: number[] = [];
    let clockMs = 0;
    const options = optionsOf(record, {
      now: () => (clockMs += 1_000),
      backOffMs: (crashes) => asked.push(crashes) && 0,
    });
    const app = supervise(planOf('auth', stays, record), options);
    await app.ready;
    for (const times of [2, 3]) {
      process.kill(app.pid() ?? 0, 'SIGKILL');
      await record.until(/serving/, times);
    }
    expect(asked).toEqual([1, 1]);
  }, 60_000);

  test('stopped, it may end its work, and is not started again', async () => {
    const record = openRecord();
    const program = `process.on('SIGINT', () => { console.log('draining'); process.exit(0); }); setInterval(() => {}, 1_000); console.log('serving');`;
    const app = supervise(planOf('auth', program, record), optionsOf(record));
    await app.ready;
    const pid = app.pid() ?? 0;
    await app.stop();
    expect(record.lines.at(-1)).toBe('auth: draining');
    expect([isLiving(pid), app.pid()]).toEqual([false, undefined]);
  });

  test('one that waits for its next start is stopped without one', async () => {
    const record = openRecord();
    const app = supervise(planOf('auth', stays, record), optionsOf(record, { backOffMs: () => 600_000 }));
    await app.ready;
    process.kill(app.pid() ?? 0, 'SIGKILL');
    await record.until(/started again in 600 s/);
    await app.stop();
    expect(record.lines.filter((line) => line.includes('serving')).length).toBe(1);
  });

  test('one that does not end is killed after its time', async () => {
    const record = openRecord();
    const program = `process.on('SIGINT', () => console.log('no')); setInterval(() => {}, 1_000); console.log('serving');`;
    const app = supervise(planOf('auth', program, record), optionsOf(record, { stopMs: 50 }));
    await app.ready;
    const pid = app.pid() ?? 0;
    await app.stop();
    expect(isLiving(pid)).toBe(false);
  });
});

describe('a first start that fails', () => {
  test('because the app ends: said with its code, and not tried again', async () => {
    const record = openRecord();
    const asked: number[] = [];
    const options = optionsOf(record, { backOffMs: (crashes) => asked.push(crashes) });
    const app = supervise(planOf('auth', 'process.exit(2)', record), options);
    await expect(app.ready).rejects.toThrow('auth ended while it started (code 2); its lines say why.');
    await new Promise((resolve) => setImmediate(resolve));
    expect([asked, record.lines]).toEqual([[], []]);
  });

  test('because it is too slow: it is ended', async () => {
    const record = openRecord();
    const app = supervise(planOf('auth', 'setInterval(() => {}, 1_000)', record), optionsOf(record, { readyMs: 0 }));
    await expect(app.ready).rejects.toThrow('auth did not serve within 0 s.');
    await app.stop();
    expect(app.pid()).toBeUndefined();
  });

  test('because it is stopped meanwhile: it is gone', async () => {
    const record = openRecord();
    const app = supervise(planOf('auth', `setInterval(() => {}, 1_000)`, record), optionsOf(record));
    await app.stop();
    await expect(app.ready).rejects.toThrow('auth was stopped while it started.');
    expect(app.pid()).toBeUndefined();
  });

  test('because there is no such program', async () => {
    const record = openRecord();
    const plan = { ...planOf('auth', '', record), command: '/nowhere/node' };
    await expect(supervise(plan, optionsOf(record)).ready).rejects.toThrow(
      /auth ended while it started \(code 12[67]\)/,
    );
  });
});

describe('a fleet', () => {
  const tells = `process.on('SIGINT', () => { console.log('ends'); process.exit(0); }); setInterval(() => {}, 1_000); console.log('serving');`;

  test('ends its apps one after the other, the last that was started first', async () => {
    const record = openRecord();
    const fleet = createFleet(optionsOf(record));
    started.add(fleet);
    await fleet.start(['auth', 'search'].map((name) => planOf(name, tells, record)));
    await fleet.start([planOf('gateway', tells, record)]);
    expect(record.lines.indexOf('gateway: serving')).toBe(2);
    await fleet.stop();
    expect(record.lines.filter((line) => line.endsWith('ends'))).toEqual([
      'gateway: ends',
      'search: ends',
      'auth: ends',
    ]);
  });

  test('says which app did not start, and stops those that did', async () => {
    const record = openRecord();
    const fleet = createFleet(optionsOf(record));
    const plans = [planOf('auth', tells, record), planOf('search', 'process.exit(1)', record)];
    await expect(fleet.start(plans)).rejects.toThrow('search ended while it started (code 1)');
    await fleet.stop();
    expect(fleet.apps().map((app) => app.pid())).toEqual([undefined, undefined]);
  });
});
