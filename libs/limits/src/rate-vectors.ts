import { createRateOracle, type ExpectedDecision } from './rate-oracle.ts';
import type { Charge } from './rate-limiter.ts';

/** One step: let the time pass, decide, compare. Steps are in order; buckets of different histories never meet. */
export interface RateVector {
  readonly history: number;
  /** µs that pass before the decision. */
  readonly advanceUs: number;
  readonly charges: readonly Charge[];
  readonly expected: ExpectedDecision;
}

/** Vectors that every adapter passes (platform.md 2.2). */
export const rateVectorCount = 10_000;
const stepsPerHistory = 20;
const seed = 20_261;

/**
 * The generated vectors: 500 histories of 20 decisions over one to five policies, always the same. They stand on the edge on
 * purpose: most steps wait exactly as long as the last refusal said, or a µs less; some change a policy half-way.
 * Expected values come from `createRateOracle`.
 */
export function* generateRateVectors(count: number = rateVectorCount): Generator<RateVector> {
  const draw = createDraw(seed);
  for (let made = 0; made < count; made += stepsPerHistory) {
    yield* generateHistory(made / stepsPerHistory, Math.min(stepsPerHistory, count - made), draw);
  }
}

function* generateHistory(history: number, steps: number, draw: Draw): Generator<RateVector> {
  const oracle = createRateOracle();
  const policies = Array.from({ length: draw.from(1, 5) }, (_, index) => drawPolicy(`p${index}-of-${history}`, draw));
  let edges: readonly number[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (step > 0 && draw.from(1, 60) === 1) policies.splice(0, 1, drawPolicy(`p0-of-${history}`, draw));
    const advanceUs = drawAdvance(edges, draw);
    oracle.advance(advanceUs);
    const taking = policies.filter((_, index) => index === 0 || draw.from(1, 4) > 1);
    const burst = Math.min(...taking.map((policy) => policy.burst ?? policy.q));
    const cost = drawCost(burst, draw);
    const charges = taking.map((policy) => ({ ...policy, partition: draw.one(['a', 'a', 'a', 'b']), cost }));
    const expected = oracle.decide(charges);
    edges = expected.policies.flatMap(({ wait, t }) => [wait, t]).filter((edge) => edge > 0);
    yield { history, advanceUs, charges, expected };
  }
}

function drawPolicy(policy: string, draw: Draw): Omit<Charge, 'partition' | 'cost'> {
  const q = draw.one([draw.from(1, 5), 10, 50, 60, 100, 120, 1_000, 20_000, draw.from(1, 3_000), 7, 13]);
  const windowS = draw.one([1, 60, 60, 3_600, 3_600, 900, 86_400, draw.from(1, 5_000)]);
  return draw.from(1, 4) === 1 ? { policy, q, windowS, burst: draw.from(1, q * 2) } : { policy, q, windowS };
}

function drawAdvance(edges: readonly number[], draw: Draw): number {
  const edge = edges.length > 0 ? draw.one(edges) : draw.from(0, 1_000_000);
  return draw.one([0, 1, edge, edge, Math.max(edge - 1, 0), edge + 1, draw.from(0, edge), draw.from(0, 90_000_000)]);
}

function drawCost(burst: number, draw: Draw): number {
  return draw.one([1, 1, 1, 1, Math.min(2, burst), draw.from(1, burst), Math.ceil(burst / 2), burst, 0]);
}

interface Draw {
  /** A whole number, both ends included. */
  from(least: number, most: number): number;
  one<T>(list: readonly T[]): T;
}

/** Numbers that are the same on every machine (mulberry32, public domain, Tommy Ettinger). */
function createDraw(start: number): Draw {
  let state = start;
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const from = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));
  return {
    from,
    one<T>(list: readonly T[]): T {
      const [chosen] = list.slice(from(0, list.length - 1));
      if (chosen === undefined) throw new Error('nothing to draw from');
      return chosen;
    },
  };
}
