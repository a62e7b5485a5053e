import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ScatterMode, Search } from '@universal-api/search';
import { benchContext, benchWish, createBenchSearch } from './search-parts.ts';
import { quantile } from './send-load.ts';

/** What one way of collecting brought. */
interface Figures {
  /** ms, each search. */
  readonly latencies: readonly number[];
  /** Soft deadlines, ms. */
  readonly softs: readonly number[];
  /** Mean, 0..1. */
  readonly completeness: number;
  /** Share of searches that were complete. */
  readonly complete: number;
  readonly cpuMs: number;
  /** p99 by which timers of the process were late, ms: above a few, the machine was busy with something else. */
  readonly timerLagMs: number;
}

const concurrency = 8;
const warmUp = 64;
const searches = { balanced: 1_600, complete: 320 } as const;
const targets = { overSoftMs: 20, completeness: 0.93, cpuMs: 5 } as const;
const seed = 20_260_101;

/**
 * A search over twelve simulated providers, 5 % of calls stalling for a second, concurrency 8, without hedging; beside it,
 * in the same run, a search that waits for all. Prints the figures, and whether the targets of `search.md` 19 are met.
 */
export async function compareSearches(): Promise<boolean> {
  const search = createBenchSearch(seededRandom(seed));
  await run(search, 'balanced', warmUp);
  const ours = await run(search, 'balanced', searches.balanced);
  const waiting = await run(search, 'complete', searches.complete);
  console.log(`\nsearch over 12 providers at 50 ms ± 20 %, 5 % stalling 1 s, concurrency ${concurrency}, no hedging`);
  print('until the soft deadline', ours);
  print('waiting for all', waiting);
  const softMs = quantile(ours.softs, 0.5);
  const overMs = quantile(ours.latencies, 0.99) - softMs;
  return [
    judge('p99 over the soft deadline, ms', overMs, overMs <= targets.overSoftMs, `≤ ${targets.overSoftMs}`),
    judge(
      'mean completeness',
      ours.completeness,
      ours.completeness >= targets.completeness,
      `≥ ${targets.completeness}`,
    ),
    judge('CPU-ms a search', ours.cpuMs, ours.cpuMs <= targets.cpuMs, `≤ ${targets.cpuMs}`),
  ].every(Boolean);
}

async function run(search: Search, mode: ScatterMode, count: number): Promise<Figures> {
  const latencies: number[] = [];
  const softs: number[] = [];
  const shares: number[] = [];
  let next = 0;
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const before = process.cpuUsage();
  const work = async () => {
    while (next < count) {
      const wish = benchWish(`question ${next++}`, mode);
      const begun = performance.now();
      const { completeness = 0, performance: measured } = await search(wish, benchContext());
      latencies.push(performance.now() - begun);
      softs.push(measured?.softDeadlineMs ?? 0);
      shares.push(completeness);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const { user, system } = process.cpuUsage(before);
  lag.disable();
  return {
    latencies,
    softs,
    completeness: shares.reduce((sum, share) => sum + share, 0) / count,
    complete: shares.filter((share) => share === 1).length / count,
    cpuMs: (user + system) / 1_000 / count,
    timerLagMs: lag.percentile(99) / 1e6,
  };
}

function print(name: string, { latencies, softs, completeness, complete, cpuMs, timerLagMs }: Figures): void {
  const at = (share: number) => quantile(latencies, share).toFixed(0);
  console.log(
    `  ${name.padEnd(26)} p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} ms; soft ${quantile(softs, 0.5)} ms; ` +
      `completeness ${completeness.toFixed(3)}, complete ${(complete * 100).toFixed(1)} %; ${cpuMs.toFixed(2)} CPU-ms; ` +
      `timers late by ${timerLagMs.toFixed(1)} ms at p99`,
  );
}

function judge(what: string, value: number, isMet: boolean, target: string): boolean {
  console.log(`  ${isMet ? 'met   ' : 'MISSED'} ${what}: ${value.toFixed(2)} (target ${target})`);
  return isMet;
}

/** The same numbers in each run (mulberry32). */
function seededRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
