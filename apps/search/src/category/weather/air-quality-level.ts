import type { AirQuality } from '@universal-api/providers-spec';

/** Levels of the European Air Quality Index, the best first. */
const levels = ['good', 'fair', 'moderate', 'poor', 'very_poor', 'extremely_poor'] as const;

/** A level of the European Air Quality Index. */
export type AirQualityLevel = (typeof levels)[number];

/**
 * Upper bounds of the first five levels. Of the index: 20 for each, as Open-Meteo scales it
 * (https://open-meteo.com/en/docs/air-quality-api). Of the pollutants, µg/m³ in an hour: the bands of the European
 * Environment Agency as revised in 2024 (https://airindex.eea.europa.eu, "About the European Air Quality Index"), which
 * Open-Meteo's index is made of too.
 */
const bounds = {
  europeanAqi: [20, 40, 60, 80, 100],
  pm25Ugm3: [5, 15, 50, 90, 140],
  pm10Ugm3: [15, 45, 120, 195, 270],
  nitrogenDioxideUgm3: [10, 25, 60, 100, 150],
  ozoneUgm3: [60, 100, 120, 160, 180],
  sulphurDioxideUgm3: [20, 40, 125, 190, 275],
} as const satisfies Partial<Record<keyof AirQuality, readonly number[]>>;

type Measure = keyof typeof bounds;

/** The level of the index, or without an index that of the worst pollutant; undefined if neither is known. Pure. */
export function airQualityLevel(air: AirQuality): AirQualityLevel | undefined {
  const { europeanAqi: _, ...pollutants } = bounds;
  const measures = air.europeanAqi === undefined ? (Object.keys(pollutants) as Measure[]) : (['europeanAqi'] as const);
  const ranks = measures.flatMap((measure) => rankOf(air[measure], bounds[measure]) ?? []);
  return ranks.length > 0 ? levels[Math.max(...ranks)] : undefined;
}

/** A value on a bound still has the better level. */
function rankOf(value: number | undefined, upper: readonly number[]): number | undefined {
  if (value === undefined) return undefined;
  const rank = upper.findIndex((bound) => value <= bound);
  return rank === -1 ? upper.length : rank;
}
