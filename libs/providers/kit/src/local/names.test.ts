import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldName } from './fold-name.ts';
import { toIanaName, zonesOfCountry } from './zone-names.ts';

describe('foldName', () => {
  test.each([
    ['Saint-Étienne', 'saint etienne'],
    ['  Łódź ', 'lodz'],
    ['Côte d’Ivoire', 'cote divoire'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['München', 'munchen'],
    ['İstanbul', 'istanbul'],
    ['...', ''],
  ])('%s is compared as "%s"', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  test('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = foldName(text);
        expect(foldName(folded)).toBe(folded);
      }),
    );
  });
});

describe('zone names', () => {
  test('old names become the present ones, others stay', () => {
    expect(toIanaName('Asia/Calcutta')).toBe('Asia/Kolkata');
    expect(toIanaName('Europe/Paris')).toBe('Europe/Paris');
  });

  test('every renamed zone is the same clock as its old name', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const resolved = new Intl.DateTimeFormat('en', { timeZone: toIanaName(zone) }).resolvedOptions().timeZone;
      expect(resolved).toBe(zone);
    }
  });

  test('countries have their zones; a withdrawn code has none', () => {
    expect(zonesOfCountry('PE')).toEqual(['America/Lima']);
    expect(zonesOfCountry('IN')).toEqual(['Asia/Kolkata']);
    expect(zonesOfCountry('UA')).toContain('Europe/Kyiv');
    expect(zonesOfCountry('US').length).toBeGreaterThan(20);
    expect(zonesOfCountry('AN')).toEqual([]);
    expect(zonesOfCountry('ZZ')).toEqual([]);
  });
});
