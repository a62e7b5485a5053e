import type { NwsQuantity } from './nws-schema.ts';

const kmPerMile = 1.609344;
const compass = ['N', 'NNE', 'NE', 'ENE', 'E', 'ESE', 'SE', 'SSE', 'S', 'SSW', 'SW', 'WSW', 'W', 'WNW', 'NW', 'NNW'];

/** How a value of a unit becomes one of ours: °C, km/h, hPa, km, mm, %, degrees. */
const conversions: Readonly<Record<string, (value: number) => number>> = {
  degC: (value) => value,
  degF: fahrenheitToC,
  'km_h-1': (value) => value,
  'm_s-1': (value) => value * 3.6,
  'mi_h-1': (value) => value * kmPerMile,
  Pa: (value) => value / 100,
  hPa: (value) => value,
  m: (value) => value / 1000,
  km: (value) => value,
  mm: (value) => value,
  percent: (value) => value,
  'degree_(angle)': (value) => value,
};

/** A value in our unit of its kind, to a tenth; undefined if it was not measured, or its unit is none that we know. */
export function toValue(quantity: NwsQuantity): number | undefined {
  const unit = quantity?.unitCode?.replace(/^.*:/, '') ?? '';
  const convert = Object.hasOwn(conversions, unit) ? conversions[unit] : undefined;
  if (!convert || quantity?.value == null) return undefined;
  return toTenth(convert(quantity.value));
}

/** °F to °C. */
export function fahrenheitToC(degrees: number): number {
  return ((degrees - 32) * 5) / 9;
}

/** km/h of a text such as `10 mph` or `5 to 10 mph`, of which the highest counts; undefined for any other. */
export function readWind(text: string | null | undefined): number | undefined {
  const [, highest, unit] = /^(?:\d+ to )?(\d+) (mph|km\/h)$/.exec(text?.trim() ?? '') ?? [];
  if (highest === undefined) return undefined;
  return toTenth(unit === 'mph' ? Number(highest) * kmPerMile : Number(highest));
}

/** Degrees of a point of the compass such as `SSW`; undefined for any other text. */
export function readDirection(text: string | null | undefined): number | undefined {
  const point = compass.indexOf(text?.trim() ?? '');
  return point === -1 ? undefined : point * 22.5;
}

/** To a tenth, without a negative zero. */
export function toTenth(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
