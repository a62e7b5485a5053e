import { AppError } from '@universal-api/errors';
import { readField } from '@universal-api/protos';
import type { RoutingOptions } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import type { QuickRequest, UniversalRequest } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import { readLanguage } from '../category/language.ts';
import type { SearchCategory } from '../plan/search-category.ts';
import { guessLanguage } from '../query/guess-language.ts';
import { readQuery, type Query } from '../query/read-query.ts';
import type { ScatterMode } from '../scatter/collect-until.ts';
import type { ResultLimits } from './outcome/write-results.ts';

/** What a caller of a search wants, whichever way it came. */
export interface SearchWish {
  readonly query: Query;
  /** Ids of the categories asked for by name. */
  readonly named: readonly string[];
  readonly limits: ResultLimits;
  /** BCP 47. */
  readonly language: string;
  /** How sure the language is, where it was guessed. */
  readonly languageP?: number;
  readonly mode: ScatterMode;
  readonly isFlat: boolean;
  readonly routing: RoutingOptions | undefined;
}

/** What a wish is read with. */
export interface WishParts {
  readonly categories: readonly SearchCategory[];
  /** What the caller prefers to read, if they say so (Accept-Language). */
  readonly preferred: string | undefined;
}

/** Where neither request, query nor caller says a language: that of the original service. */
const universalLanguage = 'fr';
const quickLanguage = 'en';
const mostQuickResults = 20;

/** Reads a universal search. Errors: `invalid_request`, naming the field. */
export function readUniversalWish(request: UniversalRequest, parts: WishParts): SearchWish {
  const query = readQuery('query', readField(request, 'query'));
  return {
    query,
    named: readCategories(request.categories, parts.categories),
    limits: { perCategory: readField(request, 'maxResultsPerCategory'), inAll: readField(request, 'maxResults') },
    ...chooseLanguage(query, request.language, parts.preferred ?? universalLanguage),
    mode: readField(request, 'mode') as ScatterMode,
    isFlat: readField(request, 'view') === 'flat',
    routing: request.routing,
  };
}

/** Reads a quick search. Errors: `invalid_request`, naming the field. */
export function readQuickWish(request: QuickRequest, parts: WishParts): SearchWish {
  const query = readQuery('q', readField(request, 'q'));
  return {
    query,
    named: readCategories(request.categories, parts.categories),
    limits: { perCategory: readField(request, 'limit'), inAll: mostQuickResults },
    ...chooseLanguage(query, request.language, parts.preferred ?? quickLanguage),
    mode: 'balanced',
    isFlat: false,
    routing: request.routing,
  };
}

function readCategories(names: readonly string[], categories: readonly SearchCategory[]): readonly string[] {
  const found = names.map((name) => {
    const wanted = name.trim().toLowerCase();
    return categories.find(({ id, aliases }) => id === wanted || aliases.includes(wanted))?.id;
  });
  const rule = `must be one of: ${categories.map(({ id }) => id).join(', ')}`;
  const errors = found.flatMap((id, index) => (id === undefined ? [{ field: `categories[${index}]`, rule }] : []));
  if (errors.length > 0) throw new AppError('invalid_request', { errors });
  return [...new Set(found.filter((id) => id !== undefined))];
}

function chooseLanguage(
  query: Query,
  asked: string | undefined,
  otherwise: string,
): Pick<SearchWish, 'language' | 'languageP'> {
  if (asked !== undefined && asked.toLowerCase() !== 'auto') return { language: readLanguage(asked) };
  const guess = guessLanguage(query);
  return guess ? { language: guess.language, languageP: guess.p } : { language: otherwise };
}
