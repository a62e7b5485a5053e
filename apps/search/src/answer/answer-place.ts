import type { WrittenAnswer } from './written-answer.ts';

/** The part of a place that answers are written from. */
export interface AnsweredPlace {
  readonly label: string;
  readonly lat: number;
  readonly lon: number;
}

/** Where a place is, in words: name and area as the provider has them, and the point, WGS 84 degrees. */
export function answerPlace({ label, lat, lon }: AnsweredPlace): WrittenAnswer {
  const point = `${lat}, ${lon}`;
  return { text: `${label} (${point})`, value: point, unit: '°', exact: false };
}
