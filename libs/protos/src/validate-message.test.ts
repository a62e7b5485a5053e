import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromJson, readField, validateMessage, create } from './index.ts';
import { GetForecastRequestSchema, GetCurrentWeatherRequestSchema } from '../gen/es/uapi/search/v1/weather_pb.ts';
import { ForwardGeocodeRequestSchema } from '../gen/es/uapi/search/v1/geocoding_pb.ts';
import { GetTimeRequestSchema } from '../gen/es/uapi/search/v1/time_pb.ts';
import { ListCountriesRequestSchema } from '../gen/es/uapi/search/v1/countries_pb.ts';

const weather = (json: object) =>
  validateMessage(GetCurrentWeatherRequestSchema, fromJson(GetCurrentWeatherRequestSchema, json as never));
const fields = (errors: readonly { field: string }[]) => errors.map(({ field }) => field);

describe('ok', () => {
  test.each([
    { lat: 0, lon: 0 },
    { place: 'Lyon' },
    { lat: -90, lon: 180, routing: { only: ['open_meteo'], deadline_ms: 100 } },
  ])('keeps every rule: %j', (json) => expect(weather(json)).toEqual([]));

  test('any point on the globe is taken, and none off it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -400, max: 400 }), (lat) => {
        const isRefused = fields(weather({ lat, lon: 0 })).includes('lat');
        expect(isRefused).toBe(lat < -90 || lat > 90);
      }),
    );
  });
});

describe('bad input', () => {
  test('zero is not absent', () => {
    expect(weather({ lat: 0 })).toEqual([{ field: 'lon', rule: 'goes with lat and lon, or place' }]);
  });

  test('a required field that is absent is named', () => {
    expect(validateMessage(ForwardGeocodeRequestSchema, create(ForwardGeocodeRequestSchema))).toEqual([
      { field: 'address', rule: 'required' },
    ]);
  });

  test('nothing, and two ways at once, are both refused', () => {
    expect(fields(weather({}))).toEqual(['lat']);
    expect(fields(weather({ lat: 1, lon: 1, place: 'Lyon' }))).toEqual(['place']);
    expect(validateMessage(GetTimeRequestSchema, create(GetTimeRequestSchema))).toEqual([]);
  });

  test('NaN and infinities are out of bounds', () => {
    expect(
      fields(
        validateMessage(
          GetCurrentWeatherRequestSchema,
          create(GetCurrentWeatherRequestSchema, { lat: NaN, lon: Infinity }),
        ),
      ),
    ).toEqual(['lat', 'lon']);
  });

  test('nested fields carry their path, lengths count characters, patterns hold the whole value', () => {
    expect(fields(weather({ place: 'Lyon', routing: { deadline_ms: 5 } }))).toEqual(['routing.deadline_ms']);
    expect(fields(weather({ place: '🌍'.repeat(201) }))).toEqual(['place']);
    expect(weather({ place: '🌍'.repeat(200) })).toEqual([]);
    const countries = create(ListCountriesRequestSchema, { currency: 'EURO' });
    expect(fields(validateMessage(ListCountriesRequestSchema, countries))).toEqual(['currency']);
  });
});

describe('defaults', () => {
  test('a field that is not set reads as what its proto declares', () => {
    expect(readField(create(GetForecastRequestSchema), 'days')).toBe(7);
    expect(readField(create(GetForecastRequestSchema, { days: 3 }), 'days')).toBe(3);
  });

  test('a field with neither value nor default is a fault of ours', () => {
    expect(() => readField(create(GetForecastRequestSchema), 'place')).toThrow('neither set');
  });
});
