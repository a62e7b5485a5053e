import pino, { type DestinationStream, type Logger as PinoLogger } from 'pino';
import { cleanFields } from './clean-fields.ts';
import type { LogFields } from './fields.ts';

/** Levels of log lines, most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** One level. */
export type LogLevel = (typeof logLevels)[number];

/** One event per line: a fixed message, then fields of the allow-list. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The level in force. */
  level(): LogLevel;
  setLevel(level: LogLevel): void;
  /** Whether lines of a level are written: for callers to whom the fields themselves cost something. */
  isEnabled(level: LogLevel): boolean;
  /** A logger of another part of the same process; levels are set on each. */
  part(service: string): Logger;
}

/** How a process logs. */
export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: LogLevel;
  /** Where lines go: standard output, or several streams (see `openLogStream`). */
  readonly destination: DestinationStream;
  /** Told of each field outside the allow-list. */
  readonly onDropped?: (name: string) => void;
}

/** Makes a logger that writes one JSON object per line (platform 3). */
export function createLogger(options: LoggerOptions): Logger {
  const onDropped = options.onDropped ?? (() => {});
  const root = pino(
    {
      level: options.level,
      base: { service: options.service, instance: options.instance },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // pino would serialise errors by its own rules, message included; `cleanFields` has done it by ours.
      serializers: { err: (err: unknown) => err },
    },
    options.destination,
  );
  return wrap(root, onDropped);
}

function wrap(logger: PinoLogger, onDropped: (name: string) => void): Logger {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) => {
      if (logger.isLevelEnabled(level)) logger[level](cleanFields(fields, onDropped), message);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    level: () => logger.level as LogLevel,
    setLevel: (level) => {
      logger.level = level;
    },
    isEnabled: (level) => logger.isLevelEnabled(level),
    part: (service) => wrap(logger.child({ service }), onDropped),
  };
}

/** A logger that writes nothing, for tests that look elsewhere. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  level: () => 'fatal',
  setLevel: () => {},
  isEnabled: () => false,
  part: () => silentLogger,
};
