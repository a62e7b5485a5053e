import pino, { type DestinationStream } from 'pino';
import roll, { type RollingStream } from 'pino-roll';

/** Where lines go, and how to end it. */
export interface LogStream {
  readonly destination: DestinationStream;
  /** Writes what is still held. */
  flush(): void;
}

/** What lines are written to: standard output, and files that roll. */
export interface LogDevices {
  openOut(options: { readonly sync: true; readonly maxLength: number }): RollingStream;
  openFile: typeof roll;
}

const ownDevices: LogDevices = { openOut: (options) => pino.destination({ dest: 1, ...options }), openFile: roll };

/** Lines that a device refuses are held, up to this many bytes, until it takes them; then they are lost. */
const maxLength = 262_144;

/**
 * Standard output, and with a folder also files there: `<service>.<yyyy-MM-dd>.<n>.log`, a new one each day or at
 * 50 MB, the last `keep` of them. A device that fails, such as a full disk, never fails who logs: `onLost` is told of
 * each line that is lost on it. Errors: the system's, when the folder cannot be written at the start.
 */
export async function openLogStream(
  options: { service: string; folder?: string; keep: number; onLost?: () => void },
  devices: LogDevices = ownDevices,
): Promise<LogStream> {
  const guard = (stream: RollingStream) => neverFail(stream, options.onLost ?? (() => {}));
  const out = guard(devices.openOut({ sync: true, maxLength }));
  if (!options.folder) return { destination: out, flush: () => out.flushSync() };
  const rolling = await devices.openFile({
    file: `${options.folder}/${options.service}`,
    frequency: 'daily',
    dateFormat: 'yyyy-MM-dd',
    size: '50m',
    extension: '.log',
    mkdir: true,
    sync: true,
    maxLength,
    limit: { count: options.keep, removeOtherLogFiles: true },
  });
  const file = guard(rolling);
  return {
    destination: pino.multistream([{ stream: out }, { stream: file }], { dedupe: false }),
    flush: () => {
      out.flushSync();
      file.flushSync();
    },
  };
}

function neverFail(stream: RollingStream, onLost: () => void): Pick<RollingStream, 'write' | 'flushSync'> {
  // Without a listener the stream throws into the call that logs.
  stream.on('error', () => {});
  stream.on('drop', onLost);
  return {
    write: (line) => stream.write(line),
    // Every line is written at once; what is held was refused, and gets one more try. The stream's own `flushSync` tries
    // until it succeeds, which on a full disk is never.
    flushSync: () => void stream.write(''),
  };
}
