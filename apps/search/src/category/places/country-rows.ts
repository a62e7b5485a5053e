import { readField, type MessageInitShape } from '@universal-api/protos';
import { CountryService, type CountrySchema } from '@universal-api/protos/gen/uapi/search/v1/countries_pb';
import type { CountriesQuestion, Country, CountryOperations } from '@universal-api/providers-spec';
import { cutPage } from '../../pages/cut-page.ts';
import type { PageTokens } from '../../pages/page-token.ts';
import { categoryRow } from '../category-row.ts';
import { readText } from '../read-text.ts';
import { routedOperation } from '../routed-operation.ts';

const { listCountries, getCountry } = CountryService.method;

const toKey = ({ query, region, subregion, currency, languageCode }: CountriesQuestion) => [
  query?.toLowerCase(),
  region?.toLowerCase(),
  subregion?.toLowerCase(),
  currency,
  languageCode,
];
const listOperation = routedOperation<CountryOperations, 'countries.list'>('countries.list', listCountries, {
  toKey,
  nothing: [],
});
const getOperation = routedOperation<CountryOperations, 'countries.get'>('countries.get', getCountry, {
  toKey: ({ code }) => [code.toLowerCase()],
});

/** The methods of `CountryService`; pages are cut here, since a provider answers the whole list. */
export const countryRows = (pageTokens: PageTokens) => ({
  listCountries: categoryRow({
    method: listCountries,
    operation: listOperation,
    toQuestion: (request) => ({
      query: readOptional('query', request.query),
      region: readOptional('region', request.region),
      subregion: readOptional('subregion', request.subregion),
      currency: request.currency?.toUpperCase(),
      languageCode: request.languageCode?.toLowerCase(),
    }),
    toBody: (all, { request, question }) => {
      const { items, nextPageToken } = cutPage(all, {
        keyOf: ({ code }) => code,
        filter: JSON.stringify(toKey(question)),
        pageSize: readField(request, 'pageSize'),
        pageToken: request.pageToken,
        tokens: pageTokens,
      });
      return { countries: items.map(toCountryMessage), nextPageToken };
    },
  }),
  getCountry: categoryRow({
    method: getCountry,
    operation: getOperation,
    toQuestion: (request) => ({ code: readText('code', readField(request, 'code'), 1) }),
    toBody: (country) => ({ country: toCountryMessage(country) }),
  }),
});

function readOptional(field: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : readText(field, text, 1);
}

function toCountryMessage(country: Country): MessageInitShape<typeof CountrySchema> {
  return {
    ...country,
    capitals: [...country.capitals],
    currencies: country.currencies.map((currency) => ({ ...currency })),
    languages: country.languages.map((language) => ({ ...language })),
    callingCodes: [...country.callingCodes],
    tlds: [...country.tlds],
    borders: [...country.borders],
    timezones: [...country.timezones],
  };
}
