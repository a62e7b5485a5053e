import { AppError } from '@universal-api/errors';

/** `unreachable`: no connection, or it broke; `timeout`: no answer in time; `refused`: the server answered with an error. */
export type RedisFailureKind = 'unreachable' | 'timeout' | 'refused';

const replyCode = /\b(OOM|READONLY|MISCONF|LOADING|BUSY|NOSCRIPT|NOPERM|NOAUTH|WRONGPASS|MASTERDOWN)\b/;

/**
 * A command that Redis did not carry out, or that nobody knows whether it did. Code `service_unavailable`. `reply` is the
 * first word of a refusal, such as `OOM`; texts of the server go no further than the log.
 */
export class RedisFailure extends AppError {
  readonly kind: RedisFailureKind;
  readonly reply?: string;

  constructor(kind: RedisFailureKind, cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    super('service_unavailable', { internal: `Redis: ${kind}: ${text}`, cause });
    this.name = 'RedisFailure';
    this.kind = kind;
    if (kind === 'refused') this.reply = replyCode.exec(text)?.[1] ?? text.split(' ', 1)[0];
  }
}

/** Whether a thrown value says that Redis, not the caller, is at fault. */
export function isRedisFailure(thrown: unknown): thrown is RedisFailure {
  return thrown instanceof RedisFailure;
}

/** What the client threw, as a failure. */
export function toRedisFailure(thrown: unknown): RedisFailure {
  const isReply = thrown instanceof Error && thrown.name === 'ReplyError';
  return new RedisFailure(isReply ? 'refused' : 'unreachable', thrown);
}
