import type { WeatherCondition } from '@universal-api/providers-spec';
import { writeNumber, type AnswerLanguage } from './answer-text.ts';
import type { WrittenAnswer } from './written-answer.ts';

/** The part of the weather that answers are written from. */
export interface AnsweredWeather {
  readonly temperatureC: number;
  readonly condition: string;
}

const french: Readonly<Record<Exclude<WeatherCondition, 'unknown'>, string>> = {
  clear: 'ciel dégagé',
  partly_cloudy: 'partiellement nuageux',
  cloudy: 'nuageux',
  fog: 'brouillard',
  drizzle: 'bruine',
  rain: 'pluie',
  heavy_rain: 'forte pluie',
  freezing_rain: 'pluie verglaçante',
  sleet: 'neige fondue',
  snow: 'neige',
  heavy_snow: 'fortes chutes de neige',
  hail: 'grêle',
  thunderstorm: 'orage',
  dust: 'poussière',
  wind: 'vent',
};

/** The weather at a place in words; a condition that nobody knows is left out. */
export function answerWeather(
  { temperatureC, condition }: AnsweredWeather,
  place: string,
  language: AnswerLanguage,
): WrittenAnswer {
  const degrees = `${writeNumber(temperatureC, language)} °C`;
  const words =
    language === 'fr' ? (french as Readonly<Record<string, string>>)[condition] : condition.replaceAll('_', ' ');
  const sky = condition === 'unknown' || !words ? '' : `, ${words}`;
  const text = language === 'fr' ? `${place} : ${degrees}${sky}.` : `${place}: ${degrees}${sky}.`;
  return { text, value: String(temperatureC), unit: '°C', exact: false };
}
