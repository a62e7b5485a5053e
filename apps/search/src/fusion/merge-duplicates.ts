import { foldName } from '@universal-api/providers-kit/local/fold-name';
import { canonicalKey } from './canonical-key.ts';
import type { Duplicate, Finding, FoundResult, MergedResult, RankedList } from './found-result.ts';

const longestTitle = 120;
const shingleWords = 3;
const leastOverlap = 0.8;

interface Seen<I> {
  readonly finding: Finding;
  readonly result: FoundResult<I>;
}

/**
 * Merges what is the same thing, within each list and across them (search.md 7): the findings of all are kept, each
 * provider's best rank once. Near duplicates go together only within one domain. Pure; the order of lists does not matter.
 */
export function mergeDuplicates<I>(lists: readonly RankedList<I>[]): readonly MergedResult<I>[] {
  const groups = new Map<string, Seen<I>[]>();
  for (const { provider, lineage, results } of lists) {
    for (const [index, result] of results.entries()) {
      const key = canonicalKey(result);
      const group = groups.get(key);
      const seen = { finding: { provider, lineage, rank: index + 1 }, result };
      if (group) group.push(seen);
      else groups.set(key, [seen]);
    }
  }
  const merged = [...groups].map(([key, seen]) => mergeGroup(key, seen));
  return mergeNear(merged.sort((one, other) => compareText(one.key, other.key)));
}

function mergeGroup<I>(key: string, seen: readonly Seen<I>[]): MergedResult<I> {
  const sorted = [...seen].sort((one, other) => compareFindings(one.finding, other.finding));
  const [best] = sorted;
  if (!best) throw new Error('a group of no results');
  const duplicates = sorted.slice(1).map(({ finding, result }): Duplicate => ({
    url: result.url,
    provider: finding.provider,
    reason: 'canonical_key',
  }));
  const others = sorted.map(({ result }) => result);
  return {
    key,
    result: mergeResults(best.result, others),
    findings: oncePerProvider(sorted.map(({ finding }) => finding)),
    duplicates,
  };
}

function mergeResults<I>(best: FoundResult<I>, all: readonly FoundResult<I>[]): FoundResult<I> {
  const first = <K extends keyof FoundResult<I>>(name: K) => all.find((result) => result[name] !== undefined)?.[name];
  const titles = all.map(({ title }) => title).filter((title) => title.length <= longestTitle);
  const dates = all.flatMap(({ publishedAt }) => (publishedAt ? [publishedAt.getTime()] : []));
  return {
    ...best,
    title: longest(titles) ?? best.title,
    content: longest(all.map(({ content }) => content)) ?? '',
    url: all.map(({ url }) => url).find((url) => url?.startsWith('https:')) ?? first('url'),
    publishedAt: dates.length === 0 ? undefined : new Date(Math.min(...dates)),
    author: first('author'),
    thumbnail: first('thumbnail'),
    language: first('language'),
    item: first('item'),
  };
}

/** Each provider with its best rank: one that repeats a thing does not vote twice. */
function oncePerProvider(sorted: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return sorted.filter(({ provider }) => !seen.has(provider) && seen.add(provider));
}

/** Merges what has the same title and nearly the same text within one domain, under the one found best. */
function mergeNear<I>(merged: readonly MergedResult<I>[]): readonly MergedResult<I>[] {
  const kept: MergedResult<I>[] = [];
  const byTitle = new Map<string, number[]>();
  const byRank = [...merged].sort((one, other) => bestRank(one) - bestRank(other) || compareText(one.key, other.key));
  for (const candidate of byRank) {
    const { domain, title } = candidate.result;
    const name = domain && `${domain} ${foldName(title)}`;
    const places = (name && byTitle.get(name)) || [];
    const place = places.find((index) => isNear(kept[index]?.result.content ?? '', candidate.result.content));
    const twin = place === undefined ? undefined : kept[place];
    if (place !== undefined && twin) {
      kept[place] = joinNear(twin, candidate);
      continue;
    }
    if (name) byTitle.set(name, [...places, kept.length]);
    kept.push(candidate);
  }
  return kept;
}

function joinNear<I>(kept: MergedResult<I>, near: MergedResult<I>): MergedResult<I> {
  const [finding] = near.findings;
  const duplicate: Duplicate = { url: near.result.url, provider: finding?.provider ?? '', reason: 'near_duplicate' };
  return {
    ...kept,
    findings: oncePerProvider([...kept.findings, ...near.findings].sort(compareFindings)),
    duplicates: [...kept.duplicates, duplicate, ...near.duplicates],
  };
}

function isNear(one: string, other: string): boolean {
  const [a, b] = [shingles(one), shingles(other)];
  if (a.size === 0 || b.size === 0) return a.size === b.size;
  const both = [...a].filter((shingle) => b.has(shingle)).length;
  return both / (a.size + b.size - both) >= leastOverlap;
}

function shingles(text: string): ReadonlySet<string> {
  const words = foldName(text)
    .split(' ')
    .filter((word) => word !== '');
  const count = Math.max(words.length - shingleWords + 1, Math.min(words.length, 1));
  return new Set(Array.from({ length: count }, (_, index) => words.slice(index, index + shingleWords).join(' ')));
}

function bestRank({ findings }: MergedResult<unknown>): number {
  return Math.min(...findings.map(({ rank }) => rank));
}

function compareFindings(one: Finding, other: Finding): number {
  return one.rank - other.rank || compareText(one.provider, other.provider);
}

function longest(texts: readonly string[]): string | undefined {
  return [...texts].sort((one, other) => other.length - one.length || compareText(one, other))[0];
}

/** By code units: the same on every machine, whatever its language. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
