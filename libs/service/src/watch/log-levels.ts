import { logLevels, type Logger, type LogLevel } from '@universal-api/logging';

/** A log level that holds for a while. */
export interface HeldLogLevel {
  readonly service: string;
  readonly level: string;
  /** When it ends, ms since the epoch; absent: when somebody ends it. */
  readonly untilMs: number | undefined;
}

/** Applies log levels that come and go. */
export interface LogLevels {
  /** The levels that hold now: what is not among them is as configured again. */
  apply(held: readonly HeldLogLevel[]): void;
  close(): void;
}

/** A timer can wait no longer; by then the stream has said it again. */
const longestWaitMs = 86_400_000;

/**
 * Levels of one app. One that holds takes the place of the configured one, which comes back when its time is over, also when
 * nobody can be heard by then.
 */
export function createLogLevels(app: string, log: Pick<Logger, 'level' | 'setLevel'>, clock: () => number): LogLevels {
  let configured: LogLevel | undefined;
  let timer: NodeJS.Timeout | undefined;
  const reset = () => {
    clearTimeout(timer);
    if (configured) log.setLevel(configured);
    configured = undefined;
  };
  return {
    apply(held) {
      clearTimeout(timer);
      const own = held.find(({ service }) => service === app);
      const leftMs = own ? (own.untilMs ?? Infinity) - clock() : 0;
      if (!own || !isLevel(own.level) || leftMs <= 0) return reset();
      configured ??= log.level();
      if (log.level() !== own.level) log.setLevel(own.level);
      if (leftMs <= longestWaitMs) timer = setTimeout(reset, leftMs).unref();
    },
    close: () => clearTimeout(timer),
  };
}

function isLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text);
}
