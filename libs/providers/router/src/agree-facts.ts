/** How far independent sources agree about one fact; `single` when there is but one. */
export type Agreement = 'single' | 'high' | 'medium' | 'low';

/** Below which spread (highest minus lowest, in the unit of the fact) sources agree how well. */
export interface AgreementLimits {
  readonly high: number;
  readonly medium: number;
}

/** The value in the middle; between two of them, the middle of both. Undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return below === undefined || above === undefined ? undefined : below + (above - below) / 2;
}

/** So short is the sum of directions that point away from each other, of 1 for each. */
const noDirection = 1e-9;

/**
 * The mean of directions, degrees in 0..360 (excluded): of 350 and 10 it is 0. Undefined of nothing, and of directions
 * that cancel out, such as 0 and 180.
 */
export function circularMean(degrees: readonly number[]): number | undefined {
  const radians = degrees.map((each) => (each * Math.PI) / 180);
  const north = radians.reduce((sum, each) => sum + Math.cos(each), 0);
  const east = radians.reduce((sum, each) => sum + Math.sin(each), 0);
  if (Math.hypot(north, east) < noDirection * Math.max(1, degrees.length)) return undefined;
  const mean = (Math.atan2(east, north) * 180) / Math.PI;
  // A very small negative angle becomes 360 when a turn is added.
  return mean < 0 ? (mean + 360) % 360 : mean;
}

/** What most say; of several, what was said first. Undefined of nothing. */
export function mostCommon<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return values.find((value) => counts.get(value) === most);
}

/** How far values agree. Of nothing it is `single` too: nobody disagrees. */
export function agreementOf(values: readonly number[], limits: AgreementLimits): Agreement {
  if (values.length < 2) return 'single';
  const spread = Math.max(...values) - Math.min(...values);
  if (spread < limits.high) return 'high';
  return spread < limits.medium ? 'medium' : 'low';
}
