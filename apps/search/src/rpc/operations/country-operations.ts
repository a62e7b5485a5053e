import {
  GetCountryRequestSchema,
  ListCountriesRequestSchema,
  type GetCountryResponse,
  type ListCountriesResponse,
} from '@universal-api/protos/gen/uapi/search/v1/countries_pb';
import { foldName } from '@universal-api/providers-kit/local/fold-name';
import { answerCountry } from '../../answer/answer-country.ts';
import { answerLanguage } from '../../answer/answer-text.ts';
import type { FoundResult } from '../../fusion/found-result.ts';
import type { FoundItem, MetaInit, SlotOperation } from './slot-operation.ts';
import { throughHandler, type HandlerOf } from './through-handler.ts';

type CountryInit = NonNullable<GetCountryResponse['country']>;

/** Most countries that one page of the list has. */
const mostListed = 100;
/** A shorter text begins a word of too many names. */
const leastLetters = 3;

/** One country by its code or name, with the fact that is asked for in words. */
export function getCountryOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof GetCountryRequestSchema, GetCountryResponse>(
    handlerOf('countries.get'),
    GetCountryRequestSchema,
  );
  return {
    async ask(call) {
      const body = await ask(call, { code: call.args.country });
      if (!body?.country) return { results: [] };
      const { country, meta } = body;
      const written = answerCountry(country, call.args.fact, answerLanguage(call.language));
      const typed = written && { kind: 'country', ...written, data: { case: 'country' as const, value: body } };
      return {
        results: [toResult(country, call.language)],
        typed,
        meta: typed ? meta : withoutFact(meta, call.args.fact),
      };
    },
  };
}

/** Countries by a part of their names. */
export function listCountriesOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof ListCountriesRequestSchema, ListCountriesResponse>(
    handlerOf('countries.list'),
    ListCountriesRequestSchema,
  );
  return {
    async ask(call) {
      const query = call.args.text ?? '';
      const body = await ask(call, { query, pageSize: mostListed });
      const named = (body?.countries ?? []).filter((country) => hasNamePart(country, query)).slice(0, call.limit);
      return { results: named.map((country) => toResult(country, call.language)), meta: body?.meta };
    },
  };
}

/** Says that the fact is known to nobody who was asked. */
function withoutFact(meta: MetaInit | undefined, fact: string | undefined): MetaInit | undefined {
  if (!meta || fact === undefined) return meta;
  return { ...meta, degraded: [...(meta.degraded ?? []), { code: 'fact_unknown', detail: fact, from: '', to: '' }] };
}

function toResult(country: CountryInit, language: string): FoundResult<FoundItem> {
  const french = answerLanguage(language) === 'fr' ? country.names['fra'] : undefined;
  return {
    category: 'countries',
    type: 'country',
    title: french ?? country.name,
    content: country.officialName,
    ids: { country: country.code },
    item: { case: 'country', value: country },
  };
}

/** Whether the text begins a word of one of its names: "oman" is not meant by "Romania". */
function hasNamePart({ name, officialName, names, code }: CountryInit, text: string): boolean {
  const wanted = foldName(text);
  if (wanted.length < leastLetters) return wanted === code.toLowerCase();
  return [name, officialName, ...Object.values(names)].some((one) => ` ${foldName(one)}`.includes(` ${wanted}`));
}
