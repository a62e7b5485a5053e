/** Standard normal quantile at 0.9. */
const z90 = 1.2815515655446004;

/**
 * A latency, ms, whose median is `p50Ms` and whose nine-tenths quantile is `p90Ms`: log-normal, as times of networks are.
 * `uniform` in [0, 1) is its place in the distribution.
 */
export function sampleLatency(
  { p50Ms, p90Ms }: { readonly p50Ms: number; readonly p90Ms: number },
  uniform: number,
): number {
  if (p50Ms === 0) return 0;
  const sigma = Math.log(p90Ms / p50Ms) / z90;
  return p50Ms * Math.exp(sigma * normalQuantile(Math.min(Math.max(uniform, 1e-9), 1 - 1e-9)));
}

const center = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const centerBelow = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const tail = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBelow = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const tailFrom = 0.02425;

/** Acklam's rational approximation of the standard normal quantile, relative error below 1.15e-9. */
function normalQuantile(p: number): number {
  if (p > 1 - tailFrom) return -normalQuantile(1 - p);
  if (p < tailFrom) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(tail, q) / polynomial(tailBelow, q);
  }
  const q = p - 0.5;
  return (polynomial(center, q * q) * q) / polynomial(centerBelow, q * q);
}

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
