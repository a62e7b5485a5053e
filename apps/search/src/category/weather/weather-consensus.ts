import {
  agreementOf,
  circularMean,
  median,
  mostCommon,
  type Agreement,
  type Routed,
} from '@universal-api/providers-router';
import type { CurrentWeather, WeatherCondition } from '@universal-api/providers-spec';

/** What one source said. */
export interface WeatherSource {
  readonly provider: string;
  readonly temperatureC: number;
  readonly condition: WeatherCondition;
  readonly observedAt: Date;
}

/** Present weather that several sources were asked for. */
export interface AgreedWeather extends CurrentWeather {
  /** By the spread of temperatures; absent: one was asked. */
  readonly agreement?: Agreement;
  /** In the order of the chain; absent: one was asked. */
  readonly sources?: readonly WeatherSource[];
}

/** Most sources that are asked for one answer. */
export const mostSources = 3;

/** °C */
const limits = { high: 1, medium: 2 };

/**
 * One answer of several: the median of each value over those who know it, the mean direction of the wind, what most say
 * of the condition and the sun (of equals, who comes first), the code of the first who says that condition, and the
 * latest time. Undefined of nothing. Pure.
 */
export function agreeOnWeather(routed: readonly Routed<CurrentWeather>[]): AgreedWeather | undefined {
  const all = routed.map(({ answer }) => answer);
  const [first] = all;
  if (!first || all.length === 1) return first && { ...first, ...toAgreement(routed) };
  const middle = (of: (weather: CurrentWeather) => number | undefined) =>
    rounded(median(all.flatMap((each) => of(each) ?? [])));
  const condition = mostCommon(all.map((each) => each.condition)) ?? first.condition;
  return {
    observedAt: new Date(Math.max(...all.map((each) => each.observedAt.getTime()))),
    temperatureC: middle((each) => each.temperatureC) ?? first.temperatureC,
    feelsLikeC: middle((each) => each.feelsLikeC),
    humidityPct: middle((each) => each.humidityPct),
    dewPointC: middle((each) => each.dewPointC),
    pressureHpa: middle((each) => each.pressureHpa),
    windSpeedKmh: middle((each) => each.windSpeedKmh),
    windGustKmh: middle((each) => each.windGustKmh),
    windDirectionDeg: rounded(circularMean(all.flatMap((each) => each.windDirectionDeg ?? []))),
    cloudCoverPct: middle((each) => each.cloudCoverPct),
    visibilityKm: middle((each) => each.visibilityKm),
    precipitationMm: middle((each) => each.precipitationMm),
    uvIndex: middle((each) => each.uvIndex),
    condition,
    wmoCode: all.find((each) => each.condition === condition && each.wmoCode !== undefined)?.wmoCode,
    isDay: mostCommon(all.flatMap((each) => each.isDay ?? [])),
    ...toAgreement(routed),
  };
}

function toAgreement(routed: readonly Routed<CurrentWeather>[]) {
  const sources = routed.map(({ answer, meta }) => ({
    provider: meta.provider,
    temperatureC: answer.temperatureC,
    condition: answer.condition,
    observedAt: answer.observedAt,
  }));
  return {
    agreement: agreementOf(
      sources.map(({ temperatureC }) => temperatureC),
      limits,
    ),
    sources,
  };
}

/** To a hundredth: the middle of two values with one decimal has two. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 100) / 100 + 0;
}
