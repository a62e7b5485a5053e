import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { SearchResultSchema } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import { createHash } from 'node:crypto';
import type { RankedList } from '../../fusion/found-result.ts';
import { compareFused, fuseResults, type FusedResult } from '../../fusion/fuse-results.ts';
import { spreadResults } from '../../fusion/spread-results.ts';
import type { SearchEnd, SlotEnd } from './slot-end.ts';
import type { FoundItem } from '../operations/slot-operation.ts';

/** How many results are wanted. */
export interface ResultLimits {
  readonly perCategory: number;
  readonly inAll: number;
}

/** Results of a search in one order, and how many each category found before the limits. */
export interface FusedSearch {
  /** Best first, within the limits. */
  readonly ranked: readonly FusedResult<FoundItem>[];
  readonly totals: Readonly<Record<string, number>>;
}

/** Fuses the lists of every category that answered, and these into one order. `pOf`: probability of a category. */
export function fuseSearch(
  { ends }: SearchEnd,
  { perCategory, inAll }: ResultLimits,
  pOf: (category: string) => number,
): FusedSearch {
  const byCategory = Map.groupBy(ends, ({ slot }) => slot.category);
  const most = Math.max(...[...byCategory.keys()].map(pOf), Number.EPSILON);
  const totals: Record<string, number> = {};
  const lineages = new Set<string>();
  const all: FusedResult<FoundItem>[] = [];
  for (const [category, own] of byCategory) {
    const lists = own.flatMap(toList);
    for (const { lineage } of lists) lineages.add(lineage);
    const fused = fuseResults(lists, 0.5 + (0.5 * pOf(category)) / most);
    totals[category] = fused.length;
    const families = new Set(lists.map(({ lineage }) => lineage)).size;
    all.push(...spreadResults(fused, { families, needed: [] }).slice(0, perCategory));
  }
  const needed = [...new Set(ends.filter(({ slot }) => slot.needed).map(({ slot }) => slot.category))];
  const ranked = spreadResults(all.sort(compareFused), { families: lineages.size, needed });
  return { ranked: ranked.slice(0, inAll), totals };
}

function toList({ settled, available }: SlotEnd): RankedList<FoundItem>[] {
  if (settled?.kind !== 'answered' || settled.value.results.length === 0) return [];
  const provider = settled.value.meta?.provider ?? '';
  const lineage = available.find((other) => other.provider === provider)?.lineage ?? provider;
  return [{ provider, lineage, weight: 1, results: settled.value.results }];
}

/** Licence of a provider's data, as the message says it. */
export type Licence = NonNullable<MessageInitShape<typeof SearchResultSchema>['licence']>;

/** Licences by provider. */
export function licencesOf({ ends }: SearchEnd): ReadonlyMap<string, Licence> {
  const lists = new Set(ends.map(({ available }) => available));
  return new Map(
    [...lists].flatMap((available) =>
      available.map(({ provider, licence, attribution }) => [provider, { name: licence, attribution }] as const),
    ),
  );
}

/** A result as the message says it. */
export function toResultMessage(
  { key, result, score, sources, duplicates }: FusedResult<FoundItem>,
  licences: ReadonlyMap<string, Licence>,
): MessageInitShape<typeof SearchResultSchema> {
  const source = sources[0]?.provider ?? '';
  const { category, type, title, content, url, domain, author, thumbnail, language, item, publishedAt } = result;
  return {
    id: `res_${createHash('sha256').update(key).digest('hex').slice(0, 16)}`,
    category,
    type,
    title,
    content,
    url,
    domain,
    source,
    relevanceScore: score,
    publishedAt: publishedAt && timestampFromDate(publishedAt),
    author,
    thumbnail,
    language,
    item: item ?? { case: undefined },
    sources: sources.map((one) => ({ ...one })),
    duplicates: duplicates.map((one) => ({ ...one })),
    licence: licences.get(source),
  };
}
