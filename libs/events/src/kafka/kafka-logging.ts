import type { Logger } from '@universal-api/logging';
import { logLevel, type logCreator, type LogEntry } from 'kafkajs';

/** The same line of the client is written once in this time: while a broker is away it would say the same many times a second. */
const quietMs = 10_000;
const rememberedLines = 200;

/**
 * Lines of kafkajs as lines of ours. What it calls an error it mostly tries again, so each level falls by one: what really
 * fails is told by the relay and the groups themselves.
 */
export function createKafkaLogging(log: Logger, now: () => number = Date.now): logCreator {
  const lastAt = new Map<string, number>();
  const isRepeated = (line: string) => {
    const at = now();
    if (at - (lastAt.get(line) ?? Number.NEGATIVE_INFINITY) < quietMs) return true;
    if (lastAt.size >= rememberedLines) lastAt.clear();
    lastAt.set(line, at);
    return false;
  };
  const levelOf = (level: logLevel) =>
    level === logLevel.ERROR ? 'warn' : level === logLevel.WARN ? 'info' : ('debug' as const);
  return () =>
    ({ level, namespace, log: { message } }: LogEntry) => {
      const ours = levelOf(level);
      if (log.isEnabled(ours) && !isRepeated(`${namespace} ${message}`))
        log[ours]('kafka client', { part: namespace, reason: message });
    };
}
