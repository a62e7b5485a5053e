import { newId } from '@universal-api/ids';
import { createLogger, openLogStream } from '@universal-api/logging';
import { readBuild, shareLevels, type Host } from '@universal-api/service';
import { createMetrics } from '@universal-api/telemetry';
import { hostname } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import type { StandaloneConfig } from './config.ts';

/** What this process has once. */
export interface OwnProcess {
  readonly host: Host;
  /** Writes what the log still holds. */
  flush(): void;
}

/** Opens the log and the metrics of the process. */
export async function openProcess(config: StandaloneConfig): Promise<OwnProcess> {
  const build = readBuild(config.UAPI_BUILD);
  const metrics = createMetrics({ version: manifest.version });
  const lost = metrics.counter('uapi_log_lines_lost_total', 'Log lines that standard output or LOG_DIR did not take.');
  const onLost = () => lost.inc();
  const stream = await openLogStream({ service: 'standalone', folder: config.LOG_DIR, keep: config.LOG_KEEP, onLost });
  const dropped = metrics.counter('uapi_log_fields_dropped_total', 'Log fields outside the allow-list.');
  const log = createLogger({
    service: 'standalone',
    instance: `${hostname()}-${process.pid}`,
    level: config.LOG_LEVEL,
    destination: stream.destination,
    onDropped: () => dropped.inc(),
  });
  return {
    host: { log: shareLevels(log, 'standalone'), metrics, version: manifest.version, build, now: Date.now, newId },
    flush: () => stream.flush(),
  };
}
