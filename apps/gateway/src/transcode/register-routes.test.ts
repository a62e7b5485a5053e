import { describe, expect, test } from '@jest/globals';
import { httpRules, methodsOf, productContract, type Contract } from '@universal-api/protos';
import { testContract } from '@universal-api/testing';
import { compileRoute } from './compile-route.ts';
import { registerRoutes } from './register-routes.ts';

const contract = testContract();
const method = (name: string) => {
  const found = methodsOf(contract).find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no method ${name}`);
  return found;
};

describe('the routes of a contract', () => {
  test('are one per HTTP rule, additional bindings included, under both bases', () => {
    const routes = registerRoutes(contract);
    const rules = methodsOf(contract).flatMap(httpRules);
    expect(routes.all).toHaveLength(rules.length);
    for (const base of ['/api', '/api/v1']) {
      expect(routes.find('GET', `${base}/testing/shelves/s/things/t`)).toMatchObject({ kind: 'found' });
    }
    expect(routes.find('GET', '/apis/testing/names')).toBeUndefined();
    expect(routes.find('GET', '/')).toBeUndefined();
  });

  test('those of the product are compiled without a clash', () => {
    const product = productContract();
    const routes = registerRoutes(product);
    expect(routes.all).toHaveLength(methodsOf(product).flatMap(httpRules).length);
    expect(routes.find('GET', '/api/v1/time/now')).toMatchObject({ kind: 'found', target: { app: 'search' } });
  });

  test('refuse a contract in which two rules clash', () => {
    const [first] = contract.services.values();
    if (!first) throw new Error('no service');
    const twice: Contract = {
      ...contract,
      services: new Map([
        ['a', first],
        ['b', first],
      ]),
    };
    expect(() => registerRoutes(twice)).toThrow('clashes');
  });
});

describe('a rule', () => {
  const rule = { verb: 'GET', template: '/x', body: '', responseBody: '', index: 0 } as const;
  test.each([
    ['GetThing', { template: '/x/{nothing}' }, 'no field nothing'],
    ['EchoFields', { template: '/x/{fields.words}' }, 'cannot be in a path'],
    ['EchoFields', { template: '/x/{fields.many.text}' }, 'no field fields.many.text'],
    ['EchoFields', { template: '/x/{fields}' }, 'cannot be in a path'],
    ['CreateThing', { body: 'nothing' }, 'body names no field'],
    ['ListNames', { responseBody: 'nothing' }, 'response_body names no field'],
  ])('that speaks of what does not exist ends the start: %s %j', (name, change, fault) => {
    expect(() => compileRoute(method(name), { ...rule, ...change })).toThrow(fault);
  });
});
