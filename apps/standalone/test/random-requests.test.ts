import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadExamples } from '@universal-api/openapi';
import { appOf, httpRules, methodRules, methodsOf, productContract, type DescMethod } from '@universal-api/protos';
import fc from 'fast-check';
import { playWeatherAndPlaces, type PlayedUpstream } from './play-upstream.ts';
import { randomRequests, type RandomRequest } from './random-requests.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

const perMethod = 1_000;
const inFlight = 8;
const seed = 20_261_124;
/** Nothing in the process answers these. */
const remoteAlone = /^(?:weather\..*|geocoding\.(?:postcode|elevation))$/;
const examples = loadExamples();
/** What of the accounts answers whatever is asked for; the rest needs a person, a link, or a thing that is there. */
const answersOfAuth =
  /^(?:auth\.(?:me|list_keys|introspect)|tenant\.(?:get|list_.*)|platform\.list_.*|limits\.(?:get|quotas|ledger))$/;
const methods = methodsOf(productContract()).filter((method) => httpRules(method).length > 0);

/** Sends the requests; what was wrong with any answer, and how many were real answers. */
async function send(product: TestProduct, requests: readonly RandomRequest[]) {
  const complaints: string[] = [];
  let answered = 0;
  const queue = [...requests];
  const worker = async () => {
    for (let request = queue.pop(); request !== undefined; request = queue.pop()) {
      const { path, body: sent } = request;
      const post = sent && { method: 'POST', headers: { 'content-type': 'application/json' }, body: sent };
      const response = await product.getWithKey(`/api/v1${path}`, { ...post, signal: AbortSignal.timeout(12_000) });
      const body = (await response.json()) as { next?: { action?: string }; code?: string };
      const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
      if (response.status === 200) answered++;
      if (response.status === 500) complaints.push(`500 for ${path} ${sent ?? ''}`);
      if (response.status >= 400 && !(isProblem && body.next?.action))
        complaints.push(`${response.status} without what to do next for ${path} ${sent ?? ''}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { complaints, answered };
}

const requestsFor = (method: DescMethod) => {
  const example = examples.get(methodRules(method).operation)?.request ?? {};
  return fc.sample(randomRequests(method, example), { numRuns: perMethod, seed });
};

describe.each([['nothing may leave'], ['upstreams answer']])('1,000 random requests per operation, while %s', (way) => {
  let product: TestProduct;
  let upstream: PlayedUpstream | undefined;
  beforeAll(async () => {
    upstream = way === 'upstreams answer' ? await playWeatherAndPlaces() : undefined;
    product = await startTestProduct(upstream?.environment);
  }, 60_000);
  afterAll(async () => {
    await product.stop();
    await upstream?.close();
  }, 60_000);

  // What upstreams do is nothing to the accounts: once is enough for them.
  const asked = methods.filter((method) => way === 'nothing may leave' || appOf(method) !== 'auth');
  test.each(asked.map((method) => [methodRules(method).operation, method] as const))(
    '%s: each ends within 12 s, none with 500, every refusal says what to do next',
    async (operation, method) => {
      const { complaints, answered } = await send(product, requestsFor(method));
      expect(complaints).toEqual([]);
      // Random requests that are all refused would prove little.
      const canAnswer =
        appOf(method) === 'auth'
          ? answersOfAuth.test(operation)
          : upstream !== undefined || !remoteAlone.test(operation);
      if (canAnswer) expect(answered).toBeGreaterThan(perMethod / 100);
    },
    120_000,
  );
});
