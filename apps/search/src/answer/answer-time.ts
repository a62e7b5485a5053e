import type { AnswerLanguage } from './answer-text.ts';
import type { WrittenAnswer } from './written-answer.ts';

/** The part of a time that answers are written from. */
export interface AnsweredTime {
  readonly timezone: string;
  /** ISO 8601 with offset. */
  readonly localTime: string;
}

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d).*?(Z|[+-]\d\d:?\d\d)$/;

/** The time in a place in words; undefined for a time that cannot be read. `place` as the query names it. */
export function answerTime(
  { timezone, localTime }: AnsweredTime,
  place: string,
  language: AnswerLanguage,
): WrittenAnswer | undefined {
  const [, year, month, day, clock, offset] = shape.exec(localTime) ?? [];
  if (!clock || !offset) return undefined;
  // The parts are local already: written as UTC, so that nothing is added to them.
  const date = new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const zone = `${timezone}, UTC${offset === 'Z' ? '+00:00' : offset}`;
  const text =
    language === 'fr'
      ? `${place} : il est ${clock}, ${date} (${zone}).`
      : `It is ${clock} on ${date} in ${place} (${zone}).`;
  return { text, value: clock, unit: '', exact: true };
}
