/** How the bucket of a policy stood that refused a call. Times are seconds. */
export interface Refusal {
  readonly policy: string;
  /** Calls in a window. */
  readonly q: number;
  readonly windowS: number;
  /** Units asked for. */
  readonly cost: number;
  /** Until the bucket would have been empty. */
  readonly debtS: number;
  /** Until each of the next units came back, at most ten. */
  readonly slotsS: readonly number[];
}

const usPerS = 1_000_000;
const mostSlots = 10;
const shape = /^([a-z0-9-]{2,40}) q=([1-9]\d{0,8}) w=([1-9]\d{0,4}) c=(\d{1,6}) d=(\d{1,12}) t=(\d{1,12})$/;

/**
 * A refusal as `request.completed` words it: `lookup-min q=100 w=60 c=1 d=60000000 t=600000`. Units come back one after the other,
 * the first after `t`, until the bucket is empty after `d`. Undefined: it is worded otherwise. Pure.
 */
export function readRefusal(text: string): Refusal | undefined {
  const [, policy, ...numbers] = shape.exec(text) ?? [];
  if (policy === undefined) return undefined;
  const [q = 1, windowS = 1, cost = 0, debtUs = 0, nextUs = 0] = numbers.map(Number);
  const unitUs = Math.ceil((windowS * usPerS) / q);
  const slotsS: number[] = [];
  for (let atUs = nextUs; slotsS.length < mostSlots && atUs > 0 && atUs <= debtUs; atUs += unitUs)
    slotsS.push(atUs / usPerS);
  return { policy, q, windowS, cost, debtS: debtUs / usPerS, slotsS };
}
