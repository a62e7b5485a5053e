export {
  createLogger,
  logLevels,
  silentLogger,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './create-logger.ts';
export { logFields, type LogField, type LogFields } from './fields.ts';
export { openLogStream, type LogStream } from './open-log-stream.ts';
