import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveHomes } from '@universal-api/providers-router';
import { providerEntries } from '@universal-api/search/compose';
import { defaultProfiles } from '../src/index.ts';
import { startSimulatedProduct, type SimulatedProduct } from './start-simulated-product.ts';

const quiet = { '*': 'latency(0,0)' };
let asked = 0;
/** Paths of the operations that are about a point. */
const paths: Readonly<Record<string, string>> = {
  'weather.current': '/weather/current',
  'weather.forecast': '/weather/forecast',
  'weather.air_quality': '/weather/air-quality',
  'weather.alerts': '/weather/alerts',
  'geocoding.reverse': '/geocoding/reverse',
  'geocoding.elevation': '/geocoding/elevation',
};
/** A question of each operation that nobody has asked before, so that no cache answers. */
const questions: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(Object.entries(paths).map(([operation, path]) => [operation, () => `${path}?${point()}`])),
  'weather.alerts': () => `${paths['weather.alerts']}?${nextCapital()}`,
  'geocoding.forward': () => `/geocoding/forward?address=Lyon ${(asked += 1)}`,
  'geocoding.postcode': () => `/geocoding/postcode/FR/${10_000 + (asked += 1)}`,
};
const operations = Object.keys(questions);

/** Of countries that one provider of warnings covers; it keeps those of each country for a while. */
const capitals = [
  ...['lat=48.21&lon=16.37', 'lat=50.85&lon=4.35', 'lat=42.70&lon=23.32', 'lat=45.81&lon=15.98', 'lat=50.08&lon=14.44'],
  ...['lat=55.68&lon=12.57', 'lat=59.44&lon=24.75', 'lat=60.17&lon=24.94', 'lat=48.86&lon=2.35', 'lat=37.98&lon=23.73'],
  ...[
    'lat=47.50&lon=19.04',
    'lat=53.35&lon=-6.26',
    'lat=41.90&lon=12.50',
    'lat=56.95&lon=24.11',
    'lat=54.69&lon=25.28',
  ],
  ...['lat=52.37&lon=4.90', 'lat=52.23&lon=21.01', 'lat=38.72&lon=-9.14', 'lat=44.43&lon=26.10', 'lat=40.42&lon=-3.70'],
];
let capital = 0;

function nextCapital(): string {
  capital += 1;
  return capitals[capital % capitals.length] ?? '';
}

function point(): string {
  asked += 1;
  return `lat=${(45.7 + asked / 1000).toFixed(4)}&lon=4.83`;
}

/** A point in a country, for providers that serve no other; the first that has one here is taken. */
const pointIn: Readonly<Record<string, string>> = {
  US: 'lat=38.8977&lon=-77.0365',
  NO: 'lat=59.9139&lon=10.7522',
  RS: 'lat=44.7866&lon=20.4489',
  CH: 'lat=46.9480&lon=7.4474',
};

/** Each operation of weather and geocoding with each provider that serves it, and a question in its coverage. */
const served = resolveHomes(providerEntries).flatMap(({ manifest, operations: ids }) =>
  ids
    .filter((id) => questions[id])
    .map((id) => {
      const { countries } = manifest.operations[id] ?? {};
      const country = countries?.find((code) => pointIn[code]);
      return { operation: id, provider: manifest.id, place: country && `${paths[id]}?${pointIn[country]}` };
    }),
);

/** What a caller is told where nobody else could answer. */
const refusals: Readonly<Record<string, readonly [status: number, code: string]>> = {
  'rate-limited': [503, 'no_provider_available'],
  'server-error': [503, 'provider_unavailable'],
  unauthorised: [503, 'provider_unavailable'],
  malformed: [503, 'provider_unavailable'],
  timeout: [504, 'provider_timeout'],
  'notice-html': [503, 'provider_unavailable'],
};

function and(path: string, wish: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${wish}`;
}

/** Asks an operation with this fault on whoever answers it first, and looks at what becomes of it. */
async function askUnder(product: SimulatedProduct, kind: string, operation: string): Promise<string> {
  const question = questions[operation] ?? (() => '');
  product.simulator.setProfiles(quiet);
  const healthy = await product.get(question());
  expect([operation, healthy.status]).toEqual([operation, 200]);
  const first = healthy.meta.provider;
  const second = await product.get(and(question(), `routing.ignore=${first}`));
  try {
    product.simulator.setProfiles({ ...quiet, [`${first}/${operation}`]: `fault(${kind},1)` });
  } catch {
    return 'not playable';
  }
  const answer = await product.get(and(question(), 'routing.deadline_ms=600'));
  if (second.status === 200) {
    expect([operation, kind, answer.status]).toEqual([operation, kind, 200]);
    expect(answer.meta.attempts[0]).toMatchObject({ provider: first, outcome: 'failed' });
    expect(answer.meta.provider).not.toBe(first);
    return 'fell back';
  }
  expect([operation, kind, answer.status, answer.code]).toEqual([operation, kind, ...(refusals[kind] ?? [])]);
  return 'refused';
}

describe('the product over the simulator', () => {
  let product: SimulatedProduct;
  beforeAll(async () => {
    product = await startSimulatedProduct({ profiles: quiet, quotas: 'none' });
  }, 60_000);
  afterAll(() => product.stop(), 60_000);

  test.each(served)('$operation is answered by $provider when it alone may', async ({ operation, provider, place }) => {
    product.simulator.setProfiles(quiet);
    const answer = await product.get(and(place ?? questions[operation]?.() ?? '', `routing.only=${provider}`));
    expect(answer).toMatchObject({ status: 200, meta: { provider, attempts: [{ provider, outcome: 'ok' }] } });
  });

  test.each(['server-error', 'unauthorised', 'malformed', 'timeout', 'notice-html'])(
    '%s on the first provider: the next answers within the deadline, or the refusal says why nobody does',
    async (kind) => {
      const ends: Record<string, string> = {};
      for (const operation of operations) ends[operation] = await askUnder(product, kind, operation);
      expect(ends).toMatchObject({
        'weather.current': 'fell back',
        'weather.forecast': 'fell back',
        'geocoding.elevation': 'refused',
      });
    },
    60_000,
  );

  test('rate-limited leaves the provider alone, in its other category too, until its time', async () => {
    expect(await askUnder(product, 'rate-limited', 'weather.forecast')).toBe('fell back');
    product.simulator.reset();
    const other = await product.get(questions['geocoding.elevation']?.() ?? '');
    expect(other).toMatchObject({ status: 503, code: 'no_provider_available' });
    expect(product.simulator.stats().operations['open_meteo/geocoding.elevation']).toBeUndefined();
    // Nominatim is alone with postcodes: then it has no calls left for points either, and the next is asked at once.
    expect(await askUnder(product, 'rate-limited', 'geocoding.postcode')).toBe('refused');
    const place = await product.get(questions['geocoding.reverse']?.() ?? '');
    expect(place.meta.attempts).toMatchObject([
      { provider: 'nominatim', outcome: 'skipped', code: 'quota' },
      { provider: 'photon', outcome: 'ok' },
    ]);
  }, 60_000);
});

describe('with the quotas that are declared', () => {
  let product: SimulatedProduct;
  beforeAll(async () => {
    const profiles = { ...defaultProfiles(providerEntries), '*': 'latency(5,20)' };
    product = await startSimulatedProduct({ profiles, quotas: 'declared' });
  }, 60_000);
  afterAll(() => product.stop(), 60_000);

  test('a burst is answered by several providers, and none is asked more than it allows', async () => {
    const paths = Array.from({ length: 8 }, () => questions['geocoding.forward']?.() ?? '');
    const answers = await Promise.all(paths.map((path) => product.get(path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    expect(new Set(answers.map(({ meta }) => meta.provider)).size).toBeGreaterThan(1);
    const { operations: stats } = product.simulator.stats();
    expect(Object.values(stats).map(({ overQuota }) => overQuota)).toEqual(Object.values(stats).map(() => 0));
  }, 60_000);
});
