import { eventTables, keepPartitions, type PartitionsKept } from '@universal-api/events/log';
import type { Logger } from '@universal-api/logging';
import type { Closable } from '../owned-parts.ts';

const everyMs = 3_600_000;
/** After a run that failed; partitions are there for days ahead, so there is time. */
const retryMs = 60_000;

/**
 * Keeps the daily partitions of log and telemetry, now and every hour: those of the coming days are there, those whose time is
 * over are gone. The first run is waited for; what fails is logged and done again.
 */
export async function keepEventPartitions(url: string, log: Pick<Logger, 'info' | 'warn'>): Promise<Closable> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function keep(): Promise<void> {
    let waitMs = everyMs;
    try {
      tell(await keepPartitions(url, eventTables), log);
    } catch (error) {
      waitMs = retryMs;
      log.warn('the partitions of events could not be kept', { err: error });
    }
    if (isClosed) return;
    timer = setTimeout(() => {
      running = keep();
    }, waitMs);
  }

  await keep();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

function tell({ created, dropped, held }: PartitionsKept, log: Pick<Logger, 'info' | 'warn'>): void {
  if (created.length > 0) log.info('partitions created', { names: created });
  if (dropped.length > 0) log.info('partitions dropped', { names: dropped });
  for (const { partition, groups } of held) {
    log.warn('a partition is due and held by groups that have not read it', { part: partition, names: groups });
  }
}
