import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadExamples } from '@universal-api/openapi';
import { makeApiKey } from '@universal-api/principal';
import { appOf, httpRules, methodRules, methodsOf, productContract, type HttpRule } from '@universal-api/protos';
import { randomBytes } from 'node:crypto';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
beforeAll(async () => {
  // More calls without a credential than one address has in a minute.
  product = await startTestProduct({ RL_IP_MIN: '200/60' });
}, 60_000);
afterAll(() => product.stop(), 60_000);

type Json = Record<string, unknown> & {
  meta?: { provider: string; attempts: unknown[] };
  candidates?: { provider: string; reason: string; variable?: string }[];
  next?: { action: string };
};
const postOf = (request: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(request),
});
const ask = async (path: string, init: RequestInit = {}) => {
  const response = await product.get(path, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
};

describe('real answers, without a key and without a network', () => {
  test('where Lyon is', async () => {
    const { status, body } = await ask('/api/v1/geocoding/forward?address=Lyon');
    expect(status).toBe(200);
    expect(body.results).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'Lyon', country_code: 'FR' })]),
    );
    expect(body.meta?.provider).toBe('local_cities');
  });

  test('the time in Tokyo, also under the older paths and with a trailing slash', async () => {
    for (const path of [
      '/api/v1/time/now?timezone=Asia/Tokyo',
      '/api/worldtime/timezone/Asia/Tokyo',
      '/api/v1/worldtime/timezone/Asia%2FTokyo/',
    ]) {
      const { status, body } = await ask(path);
      expect(status).toBe(200);
      expect(body).toMatchObject({ timezone: 'Asia/Tokyo', utc_offset_s: 32_400, is_dst: false });
    }
  });

  test.each(['Moskva', 'Москва'])('the time in %s, a city by its own name', async (place) => {
    const { status, body } = await ask(`/api/v1/time/now?place=${encodeURIComponent(place)}`);
    expect([status, body['timezone']]).toEqual([200, 'Europe/Moscow']);
  });

  test('a country by code and by its name in another language', async () => {
    expect((await ask('/api/v1/countries/PE')).body.country).toMatchObject({ name: 'Peru', capitals: ['Lima'] });
    expect((await ask('/api/v1/countries/name/P%C3%A9rou')).body.country).toMatchObject({ code: 'PE' });
  });

  test('a word', async () => {
    const { body } = await ask('/api/v1/dictionary/serendipity');
    expect(body.meanings).toEqual([expect.objectContaining({ part_of_speech: 'noun' })]);
  });

  test('pages of countries join up to all of them, each once', async () => {
    const names: string[] = [];
    let token = '';
    do {
      const { body } = await ask(
        `/api/v1/countries?page_size=100${token && `&page_token=${encodeURIComponent(token)}`}`,
      );
      names.push(...(body.countries as { code: string }[]).map(({ code }) => code));
      token = String(body.next_page_token);
    } while (token);
    expect(names).toHaveLength(250);
    expect(new Set(names).size).toBe(250);
  });
});

describe('nobody may answer', () => {
  test('weather says who was left out, why, and which variable would help', async () => {
    const { status, headers, body } = await ask('/api/v1/weather/current?lat=45.76&lon=4.84');
    expect(status).toBe(503);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'no_provider_available', next: { action: 'enable', variable: 'UAPI_EGRESS' } });
    expect(body.candidates?.map(({ provider, reason }) => [provider, reason])).toEqual([
      ['open_meteo', 'no_egress'],
      ['met_norway', 'no_egress'],
      ['nws', 'no_egress'],
      ['weatherapi', 'no_egress'],
    ]);
  });
});

describe('every operation', () => {
  /** Nothing in the process knows these. */
  const remoteAlone: ReadonlySet<string> = new Set(['geocoding.postcode', 'geocoding.elevation']);
  /** These answer from what the installation is. */
  const asksNobody: ReadonlySet<string> = new Set(['search.categories', 'health.deep']);
  const examples = loadExamples();
  const routes = methodsOf(productContract()).flatMap((method) =>
    httpRules(method)
      .slice(0, 1)
      .map((rule) => ({ operation: methodRules(method).operation, rule, isOfAuth: appOf(method) === 'auth' })),
  );
  const askExample = (operation: string, { verb, template, body }: HttpRule, headers: Record<string, string> = {}) => {
    const example = examples.get(operation);
    if (!example) throw new Error(`${operation} has no example`);
    const request = { ...example.request };
    const path = template.replace(/\{(\w+)[^}]*\}/g, (_, name: string) => {
      const value = String(request[name]);
      delete request[name];
      return encodeURIComponent(value);
    });
    const query = body ? '' : `?${new URLSearchParams(request as Record<string, string>)}`;
    const { headers: typed, ...sent } = body ? postOf(request) : { headers: {} };
    return ask(`/api/v1${path}${query}`, { ...sent, method: verb, headers: { ...typed, ...headers } });
  };

  test.each(routes.filter(({ isOfAuth }) => isOfAuth).map(({ operation, rule }) => [operation, rule] as const))(
    '%s takes its example over REST, or says what to do instead',
    async (operation, rule) => {
      const answer = await askExample(operation, rule, { authorization: `Bearer ${product.key}` });
      if (answer.status >= 300) expect(answer.body.next?.action).toBeDefined();
      expect(answer.body.code ?? '').not.toMatch(/^(unknown_field|route_not_found|method_not_allowed|malformed_body)$/);
      expect(answer.status).toBeLessThan(500);
    },
  );

  test.each(routes.filter(({ isOfAuth }) => !isOfAuth).map(({ operation, rule }) => [operation, rule] as const))(
    '%s answers its example over REST, or says what it would take',
    async (operation, rule) => {
      const { status, body } = await askExample(operation, rule);
      if (operation.startsWith('weather.') || remoteAlone.has(operation))
        expect(body.code).toBe('no_provider_available');
      else if (asksNobody.has(operation)) expect(status).toBe(200);
      else
        expect({ status, provider: body.meta?.provider }).toEqual({
          status: 200,
          provider: expect.stringContaining('local_'),
        });
    },
  );
});

describe('wishes', () => {
  test('the only provider asked for answers, or nobody does', async () => {
    const only = await ask('/api/v1/geocoding/forward?address=Grenoble&routing.only=local_cities');
    expect(only.body.meta?.attempts).toEqual([expect.objectContaining({ provider: 'local_cities', outcome: 'ok' })]);
    const none = await ask('/api/v1/geocoding/forward?address=Lyon&routing.ignore=local_cities');
    expect([none.status, none.body.code]).toEqual([503, 'no_provider_available']);
  });

  test('a provider that does not exist, and a wish that is not served yet, are refused', async () => {
    expect((await ask('/api/v1/time/now?routing.only=nobody')).body.code).toBe('invalid_request');
    expect((await ask('/api/v1/time/now?routing.commercial=true')).body.code).toBe('unknown_field');
  });
});

describe('a client that asks again', () => {
  test('is told that nothing changed, and in which language the answer was', async () => {
    const first = await product.get('/api/v1/countries/PE');
    const tag = first.headers.get('etag');
    expect(tag).toMatch(/^W\/"/);
    expect(first.headers.get('vary')).toContain('Accept-Language');
    expect(first.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
    const again = await product.get('/api/v1/countries/PE', { headers: { 'if-none-match': String(tag) } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('keeps nothing of an answer about now', async () => {
    expect((await product.get('/api/v1/time/now')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('pages', () => {
  test.each(['/docs/errors/%E0%A4%A', '/docs/assets/%ff'])('a path that is no text is refused: %s', async (path) => {
    const response = await product.get(path);
    expect([response.status, ((await response.json()) as Json).code]).toEqual([400, 'invalid_request']);
  });

  test.each([{ range: 'bytes=99999999-' }, { 'if-match': '"x"' }])('odd headers do no harm: %j', async (headers) => {
    expect((await product.get('/docs/assets/site.css', { headers })).status).toBe(200);
  });
});

describe('not allowed', () => {
  test('a key that is wrong, twice given or in the URL is refused, each in its way', async () => {
    const codeOf = async (path: string, headers: Record<string, string> = {}) =>
      ((await (await product.get(path, { headers })).json()) as Json).code;
    const bad = product.key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect(await codeOf('/api/v1/time/now', { authorization: `Bearer ${bad}` })).toBe('invalid_token');
    expect(await codeOf('/api/v1/time/now', { authorization: `Bearer ${product.key}`, 'x-api-key': product.key })).toBe(
      'multiple_credentials',
    );
    expect(await codeOf(`/api/v1/time/now?api_key=${product.key}`)).toBe('credential_in_url');
  });

  test('a malformed key costs no call to auth, an unknown one a single call however often it comes', async () => {
    const calls = async () => {
      const metrics = await product.metrics();
      return [...metrics.matchAll(/^uapi_grpc_seconds_count\{[^}]*VerifyKey[^}]*\} (\d+)$/gm)]
        .map(([, count]) => Number(count))
        .reduce((sum, count) => sum + count, 0);
    };
    const present = (key: string) => product.get('/api/v1/time/now', { headers: { 'x-api-key': key } });
    const unknown = makeApiKey('live', randomBytes).text;
    const malformed = `${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`;
    const before = await calls();
    for (let n = 0; n < 20; n++) expect((await present(malformed)).status).toBe(401);
    expect(await calls()).toBe(before);
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await present(unknown)).status));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await calls()).toBe(before + 1);
  });

  test('the first key works, and plan unlimited has no rate headers', async () => {
    const response = await product.getWithKey('/api/v1/time/now');
    expect(response.status).toBe(200);
    expect(response.headers.get('ratelimit')).toBeNull();
  });

  test('anonymous callers see their limits', async () => {
    const response = await product.get('/api/v1/time/now');
    expect(response.headers.get('ratelimit-policy')).toContain('"ip-min";q=200;w=60');
  });
});

describe('what people and operators see', () => {
  test('health tells every part, and the operations port agrees', async () => {
    const { body } = await ask('/api/health');
    expect(body).toMatchObject({
      status: 'healthy',
      parts: { gateway: {}, auth: { status: 'healthy' }, search: { status: 'healthy' } },
    });
    expect((await fetch(`${product.operationsUrl}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${product.operationsUrl}/metrics`)).text()).toContain('uapi_http_requests_total{');
  });

  test.each(['/', '/docs', '/docs/errors', '/docs/errors/invalid_request'])('%s is a page', async (path) => {
    const response = await product.get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('the OpenAPI document lists every operation', async () => {
    const document = (await (await product.get('/openapi.json')).json()) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.1');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/weather/current', '/countries/{code}']));
  });
});
