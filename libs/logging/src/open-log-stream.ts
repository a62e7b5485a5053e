import pino, { type DestinationStream } from 'pino';
import roll from 'pino-roll';

/** Where lines go, and how to end it. */
export interface LogStream {
  readonly destination: DestinationStream;
  /** Writes what is still held. */
  flush(): void;
}

/**
 * Standard output, and with a folder also files there: `<service>.<yyyy-MM-dd>.<n>.log`, a new one each day or at
 * 50 MB, the last `keep` of them.
 */
export async function openLogStream(options: { service: string; folder?: string; keep: number }): Promise<LogStream> {
  const out = pino.destination({ dest: 1, sync: true });
  if (!options.folder) return { destination: out, flush: () => out.flushSync() };
  const file = await roll({
    file: `${options.folder}/${options.service}`,
    frequency: 'daily',
    dateFormat: 'yyyy-MM-dd',
    size: '50m',
    extension: '.log',
    mkdir: true,
    sync: true,
    limit: { count: options.keep, removeOtherLogFiles: true },
  });
  return {
    destination: pino.multistream([{ stream: out }, { stream: file }], { dedupe: false }),
    flush: () => {
      out.flushSync();
      file.flushSync();
    },
  };
}
