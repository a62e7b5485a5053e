import type { FusedResult } from './fuse-results.ts';

const window = 10;
const mostPerDomain = 2;
const mostPerProvider = 4;
const leastFamilies = 3;
const neededWithin = 5;

/** What the head of a ranking must show. */
export interface SpreadOptions {
  /** Lineages that answered. */
  readonly families: number;
  /** Categories that were needed. */
  readonly needed: readonly string[];
}

/**
 * Moves results down that would crowd the first ten (search.md 8): at most 2 of one domain; at most 4 with one provider as
 * their best source when three lineages or more answered; and each needed category that has results stands in the first 5.
 * Nothing is lost; where there is nothing else to show, the limits give way. Pure.
 */
export function spreadResults<I>(ranked: readonly FusedResult<I>[], options: SpreadOptions): readonly FusedResult<I>[] {
  return liftNeeded(limitHead(ranked, options), options.needed);
}

function limitHead<I>(ranked: readonly FusedResult<I>[], { families }: SpreadOptions): readonly FusedResult<I>[] {
  const head: FusedResult<I>[] = [];
  const later: FusedResult<I>[] = [];
  const counts = new Map<string, number>();
  const isFull = (name: string, most: number) => (counts.get(name) ?? 0) >= most;
  for (const fused of ranked) {
    const { domain } = fused.result;
    const byDomain = domain && `domain ${domain}`;
    const byProvider = families >= leastFamilies && `provider ${fused.sources[0]?.provider}`;
    const isTooMuch =
      head.length >= window ||
      (byDomain && isFull(byDomain, mostPerDomain)) ||
      (byProvider && isFull(byProvider, mostPerProvider));
    if (isTooMuch) {
      later.push(fused);
      continue;
    }
    head.push(fused);
    for (const name of [byDomain, byProvider]) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...head, ...later];
}

function liftNeeded<I>(ranked: readonly FusedResult<I>[], needed: readonly string[]): readonly FusedResult<I>[] {
  const order = [...ranked];
  for (const category of needed.slice(0, neededWithin)) {
    const place = order.findIndex(({ result }) => result.category === category);
    if (place < neededWithin) continue;
    const [lifted] = order.splice(place, 1);
    if (lifted) order.splice(lastSpare(order, needed), 0, lifted);
  }
  return order;
}

/** The last of the first five whose category does not need its place. */
function lastSpare(order: readonly FusedResult<unknown>[], needed: readonly string[]): number {
  const head = order.slice(0, neededWithin);
  for (let index = head.length - 1; index >= 0; index -= 1) {
    const category = head[index]?.result.category ?? '';
    const isOnly = head.filter(({ result }) => result.category === category).length === 1;
    if (!needed.includes(category) || !isOnly) return index;
  }
  return neededWithin - 1;
}
