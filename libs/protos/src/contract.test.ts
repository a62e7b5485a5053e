import { describe, expect, test } from '@jest/globals';
import { ScalarType } from '@bufbuild/protobuf';
import { appOf, commentsOf, httpRules, loadContract, methodRules, methodsOf, productContract } from './index.ts';
import { withoutMethodOptions } from './without-method-options.fixture.ts';

describe('the product contract', () => {
  const contract = productContract();

  test('every method says who may call it, and has a comment', () => {
    for (const method of methodsOf(contract)) {
      expect(methodRules(method).access).not.toBe(0);
      expect(commentsOf(method)).not.toBe('');
    }
  });

  test('every field has a comment', () => {
    const bare: string[] = [];
    for (const service of contract.services.values()) {
      for (const message of service.file.messages) {
        for (const field of message.fields) if (!commentsOf(field)) bare.push(`${message.typeName}.${field.name}`);
      }
    }
    expect(bare).toEqual([]);
  });

  test('no public message has a 64-bit integer', () => {
    const wide = new Set<ScalarType>([
      ScalarType.INT64,
      ScalarType.UINT64,
      ScalarType.FIXED64,
      ScalarType.SFIXED64,
      ScalarType.SINT64,
    ]);
    const found = [...contract.services.values()].flatMap((service) =>
      service.file.messages.flatMap((message) =>
        message.fields
          .filter((field) => field.fieldKind === 'scalar' && wide.has(field.scalar))
          .map((field) => field.name),
      ),
    );
    expect(found).toEqual([]);
  });

  test('a method belongs to the app in its package', () => {
    const apps = new Set(methodsOf(contract).map(appOf));
    // Health is no app: the gateway answers it, and each app answers of itself.
    expect([...apps].sort()).toEqual(['auth', 'health', 'search']);
  });

  test('HTTP rules come with their additional bindings, main one first', () => {
    const method = methodsOf(contract).find(({ name }) => name === 'GetTime');
    expect(method && httpRules(method).map(({ template }) => template)).toEqual([
      '/time/now',
      '/worldtime/timezone/{timezone=**}',
    ]);
  });

  test('a method without access is refused, by name', () => {
    expect(() => loadContract(withoutMethodOptions(contract.image, 'GetTime'))).toThrow(
      'uapi.search.v1.TimeService.GetTime',
    );
  });
});
