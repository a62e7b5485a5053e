import type { Dependency } from '@universal-api/service';

/** What became of one attempt, as health sees it. */
export interface AttemptEnd {
  readonly provider: string;
  /** Whether the provider did its part: an answer, or a true word about the question. */
  readonly isSound: boolean;
  readonly ms: number;
}

/** The attempts of the last five minutes, by provider. */
export interface AttemptBook {
  record(attempt: AttemptEnd): void;
  /** One entry for each provider that was asked in that time; one entry `providers` that says `idle` when none was. */
  dependencies(): readonly Dependency[];
}

const minuteMs = 60_000;
const minutes = 5;
/** A provider that failed this share of so many attempts is said to fail. */
const failingShare = 0.5;
const fewestAttempts = 5;

interface Tally {
  attempts: number;
  failed: number;
  ms: number;
}

/** An empty book; `now` in ms since the epoch. Keeps five sums for each provider and no attempt. */
export function createAttemptBook(now: () => number): AttemptBook {
  const byMinute = new Map<number, Map<string, Tally>>();
  const minuteOf = () => Math.floor(now() / minuteMs);

  function forgetOld(current: number): void {
    for (const minute of byMinute.keys()) if (minute <= current - minutes) byMinute.delete(minute);
  }
  function sums(): Map<string, Tally> {
    forgetOld(minuteOf());
    const all = new Map<string, Tally>();
    for (const tallies of byMinute.values()) for (const [provider, tally] of tallies) add(all, provider, tally);
    return all;
  }
  return {
    record({ provider, isSound, ms }) {
      const minute = minuteOf();
      let tallies = byMinute.get(minute);
      if (!tallies) {
        forgetOld(minute);
        byMinute.set(minute, (tallies = new Map()));
      }
      add(tallies, provider, { attempts: 1, failed: isSound ? 0 : 1, ms });
    },
    dependencies() {
      const entries = [...sums()].toSorted(([a], [b]) => a.localeCompare(b));
      if (entries.length > 0) return entries.map(([provider, tally]) => toDependency(provider, tally));
      const probe = async () => ({ status: 'healthy', detailCode: 'idle' }) as const;
      return [{ name: 'providers', without: 'degraded', probe }];
    },
  };
}

function add(tallies: Map<string, Tally>, provider: string, { attempts, failed, ms }: Tally): void {
  const known = tallies.get(provider);
  if (!known) return void tallies.set(provider, { attempts, failed, ms });
  known.attempts += attempts;
  known.failed += failed;
  known.ms += ms;
}

/** Others may answer in its place, so a provider that fails makes the app no worse than degraded. */
function toDependency(provider: string, { attempts, failed, ms }: Tally): Dependency {
  const isFailing = attempts >= fewestAttempts && failed >= failingShare * attempts;
  const latencyMs = Math.round(ms / attempts);
  return {
    name: `providers.${provider}`,
    without: 'degraded',
    probe: async () =>
      isFailing
        ? { status: 'degraded', detailCode: 'failing', latencyMs }
        : { status: 'healthy', detailCode: 'ok', latencyMs },
  };
}
