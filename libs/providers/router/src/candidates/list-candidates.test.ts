import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answers, operation, tiny, tinyLocal } from '../../test/tiny-providers.ts';
import type { ConfiguredProvider } from '../configure-providers.ts';
import { createChains } from './candidate.ts';
import { createCandidateLister, listCandidates } from './list-candidates.ts';
import { leftOutReasons } from './reasons.ts';

function chainOf(...providers: ConfiguredProvider[]) {
  return createChains(providers, { now: () => 0 }).get(operation) ?? [];
}

const yes = answers('yes');
const french = tiny('french', yes, { operations: { [operation]: { countries: ['FR'] } } });
const english = tiny('english', yes, { operations: { [operation]: { languages: ['en'] } } });
const keyed = tiny('keyed', yes, {}, { usesKey: true });
const off = tiny('off', yes, {}, { leftOut: { provider: 'off', reason: 'disabled', variable: 'OFF_ENABLED' } });
const local = tinyLocal('local', yes);
const wish = (changes: object) => ({ wishes: { only: [], order: [], ignore: [], ...changes } });
const idsOf = (list: { permitted: readonly { id: string }[] }) => list.permitted.map(({ id }) => id);

describe('who may answer', () => {
  test('only the countries and languages that a provider covers; an unknown country is none of them', () => {
    const chain = chainOf(french, english, local);
    expect(idsOf(listCandidates(chain, { coverage: { countryCode: 'FR', language: 'en-GB' } }))).toEqual([
      'french',
      'english',
      'local',
    ]);
    expect(listCandidates(chain, { coverage: { language: 'fr' } }).leftOut).toEqual([
      { provider: 'french', reason: 'out_of_coverage' },
      { provider: 'english', reason: 'out_of_coverage' },
    ]);
  });

  test('nobody with the operator’s credential for a caller without one', () => {
    const list = listCandidates(chainOf(keyed, local), { keylessOnly: true });
    expect(idsOf(list)).toEqual(['local']);
    expect(list.leftOut).toEqual([{ provider: 'keyed', reason: 'keyless_only' }]);
  });

  test('configuration leaves out with the variable that would help', () => {
    expect(listCandidates(chainOf(off, local), {}).leftOut).toEqual([off.leftOut]);
  });

  test('what the caller did not want need not be enabled', () => {
    expect(listCandidates(chainOf(off, local), wish({ only: ['local'] })).leftOut).toEqual([
      { provider: 'off', reason: 'not_in_only' },
    ]);
    expect(listCandidates(chainOf(off, local), wish({ ignore: ['off'] })).leftOut).toEqual([
      { provider: 'off', reason: 'ignored' },
    ]);
  });

  test('each candidate is permitted or has a reason of the closed set, and nobody ignored is permitted', () => {
    const all = [french, english, keyed, off, local];
    const ids = fc.array(fc.constantFrom(...all.map(({ manifest }) => manifest.id)));
    const wishes = fc.record({ only: ids, order: ids, ignore: ids });
    const coverage = fc.record({
      countryCode: fc.constantFrom(undefined, 'FR', 'DE'),
      language: fc.constantFrom(undefined, 'en', 'fr-CA'),
    });
    const chain = chainOf(...all);
    const list = createCandidateLister(chain);
    fc.assert(
      fc.property(fc.record({ wishes, coverage, keylessOnly: fc.boolean() }), (query) => {
        const { permitted, leftOut } = list(query);
        expect([...permitted.map(({ id }) => id), ...leftOut.map(({ provider }) => provider)].sort()).toEqual(
          all.map(({ manifest }) => manifest.id).sort(),
        );
        for (const { reason } of leftOut) expect(leftOutReasons).toContain(reason);
        for (const { id } of permitted) {
          expect(query.wishes.ignore).not.toContain(id);
          if (query.wishes.only.length > 0) expect(query.wishes.only).toContain(id);
        }
      }),
    );
  });
});
