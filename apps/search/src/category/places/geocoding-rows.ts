import { readField, type MessageInitShape } from '@universal-api/protos';
import type { PlaceSchema } from '@universal-api/protos/gen/uapi/common/v1/place_pb';
import { GeocodingService } from '@universal-api/protos/gen/uapi/search/v1/geocoding_pb';
import type { GeocodingOperations, Place } from '@universal-api/providers-spec';
import type { CategoryCall } from '../category-call.ts';
import { categoryRow } from '../category-row.ts';
import { readLanguage } from '../language.ts';
import { readText, roundDegrees } from '../read-text.ts';
import { routedOperation } from '../routed-operation.ts';

const { forwardGeocode, reverseGeocode, lookupPostcode, getElevation } = GeocodingService.method;

/** Places of a name; also what a `place` of other requests is resolved by. */
export const forwardOperation = routedOperation<GeocodingOperations, 'geocoding.forward'>(
  'geocoding.forward',
  forwardGeocode,
  {
    toKey: ({ address, limit, countryCode }) => [address.toLowerCase(), limit, countryCode],
    toCoverage: ({ countryCode, language }) => ({ countryCode, language }),
    nothing: [],
  },
);

const reverseOperation = routedOperation<GeocodingOperations, 'geocoding.reverse'>(
  'geocoding.reverse',
  reverseGeocode,
  {
    toKey: ({ lat, lon }) => [roundDegrees(lat, 5), roundDegrees(lon, 5)],
    toCoverage: ({ language }) => ({ language }),
  },
);

const postcodeOperation = routedOperation<GeocodingOperations, 'geocoding.postcode'>(
  'geocoding.postcode',
  lookupPostcode,
  {
    // How people write a postcode (case, spaces, hyphens) does not tell one from another.
    toKey: ({ countryCode, postcode }) => [countryCode, postcode.toUpperCase().replace(/[\s-]/g, '')],
    toCoverage: ({ countryCode }) => ({ countryCode }),
    nothing: [],
  },
);

const elevationOperation = routedOperation<GeocodingOperations, 'geocoding.elevation'>(
  'geocoding.elevation',
  getElevation,
  { toKey: ({ lat, lon }) => [roundDegrees(lat, 5), roundDegrees(lon, 5)] },
);

const toLanguage = ({ language }: { language?: string }, call: CategoryCall) =>
  language === undefined ? call.language : readLanguage(language);

/** The methods of `GeocodingService`. */
export const geocodingRows = {
  forwardGeocode: categoryRow({
    method: forwardGeocode,
    operation: forwardOperation,
    toLanguage,
    toQuestion: (request, _call, language) => ({
      address: readText('address', readField(request, 'address'), 2),
      limit: readField(request, 'limit'),
      countryCode: request.countryCode?.toUpperCase(),
      language,
    }),
    toBody: (places, { question }) => ({ results: places.slice(0, question.limit).map(toPlaceMessage) }),
  }),
  reverseGeocode: categoryRow({
    method: reverseGeocode,
    operation: reverseOperation,
    toLanguage,
    toQuestion: (request, _call, language) => ({
      lat: readField(request, 'lat'),
      lon: readField(request, 'lon'),
      language,
    }),
    toBody: ({ result, distanceM }) => ({ result: toPlaceMessage(result), distanceM }),
  }),
  lookupPostcode: categoryRow({
    method: lookupPostcode,
    operation: postcodeOperation,
    toQuestion: (request) => ({
      countryCode: readField(request, 'countryCode').toUpperCase(),
      postcode: readText('postcode', readField(request, 'postcode'), 2),
    }),
    toBody: (places) => ({ results: places.map(toPlaceMessage) }),
  }),
  getElevation: categoryRow({
    method: getElevation,
    operation: elevationOperation,
    toQuestion: (request) => ({ lat: readField(request, 'lat'), lon: readField(request, 'lon') }),
    toBody: (elevation) => elevation,
  }),
};

/** A place as the message says it. */
export function toPlaceMessage(place: Place): MessageInitShape<typeof PlaceSchema> {
  return { ...place };
}
