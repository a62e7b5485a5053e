import { describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { createLocalClockProvider } from './local-clock-provider.ts';

const context: CallContext = {
  signal: new AbortController().signal,
  deadlineAt: 0,
  language: 'en',
  degrade: () => undefined,
  expiresAt: () => undefined,
};
const noon = Date.parse('2026-01-15T12:00:00Z');
const { operations } = createLocalClockProvider(() => noon);
const timeAt = (timezone: string, at?: string) =>
  operations['time.now']({ timezone, at: at ? new Date(at) : undefined }, context);
const convert = (time: string, from: string, to: string) => operations['time.convert']({ time, from, to }, context);
const fieldsOf = async (answer: Promise<unknown>) => {
  const failure = await answer.catch((cause: unknown) => cause);
  return ProviderFailure.is(failure) ? [failure.failure, failure.fieldErrors] : failure;
};

describe('time.now', () => {
  test('tells all of an instant in Tokyo', async () => {
    expect(await timeAt('Asia/Tokyo')).toEqual({
      timezone: 'Asia/Tokyo',
      localTime: '2026-01-15T21:00:00+09:00',
      utcTime: new Date(noon),
      utcOffsetS: 32_400,
      abbreviation: 'JST',
      isDst: false,
      isoWeek: 3,
      dayOfYear: 15,
      unixS: noon / 1_000,
    });
  });

  test('Paris leaves winter on 29 March 2026 and summer on 25 October, both at 01:00 UTC', async () => {
    const winter = await timeAt('Europe/Paris', '2026-03-29T00:59:59Z');
    expect([winter.abbreviation, winter.isDst, winter.localTime]).toEqual(['CET', false, '2026-03-29T01:59:59+01:00']);
    expect(winter.nextTransition).toEqual(new Date('2026-03-29T01:00:00Z'));
    const summer = await timeAt('Europe/Paris', '2026-03-29T01:00:00Z');
    expect([summer.abbreviation, summer.isDst, summer.localTime]).toEqual(['CEST', true, '2026-03-29T03:00:00+02:00']);
    expect(summer.nextTransition).toEqual(new Date('2026-10-25T01:00:00Z'));
  });

  test.each([
    ['asia/tokyo', 'Asia/Tokyo'],
    ['EUROPE/KIEV', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['US/Eastern', 'America/New_York'],
    ['Etc/UTC', 'UTC'],
    ['etc/gmt+3', 'Etc/GMT+3'],
  ])('%s is the zone %s', async (asked, zone) => {
    expect((await timeAt(asked)).timezone).toBe(zone);
  });

  test.each(['Nope/Zone', '', '+05:30', 'Europe', '__proto__', 'Europe/Paris\u0000'])(
    '"%s" is no zone, and the caller is told so',
    async (timezone) => {
      const errors = [{ field: 'timezone', rule: 'an IANA time zone' }];
      expect(await fieldsOf(timeAt(timezone))).toEqual(['caller_error', errors]);
    },
  );

  test.each([
    ['Europe/Dublin', '2026-07-01T00:00:00Z', true, 3_600],
    ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', true, 39_600],
    ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', false, 37_800],
    ['Antarctica/Troll', '2026-07-01T00:00:00Z', true, 7_200],
    ['Antarctica/Troll', '2026-01-01T00:00:00Z', false, 0],
    ['America/Asuncion', '2026-01-01T00:00:00Z', false, -10_800],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', false, 20_700],
    ['Asia/Almaty', '2024-02-01T00:00:00Z', false, 21_600],
  ])('%s at %s: summer time %s, offset %d s', async (zone, at, isDst, utcOffsetS) => {
    expect(await timeAt(zone, at)).toMatchObject({ isDst, utcOffsetS });
  });

  test('offsets of the nineteenth century keep their seconds', async () => {
    const { localTime, utcOffsetS } = await timeAt('Europe/Paris', '1890-02-01T00:00:00Z');
    expect([localTime, utcOffsetS]).toEqual(['1890-02-01T00:09:21+00:09:21', 561]);
  });

  test('no abbreviation is made up', async () => {
    expect((await timeAt('Asia/Tashkent')).abbreviation).toBeUndefined();
  });

  test('an order of questions changes no answer', async () => {
    const at = fc.date({ min: new Date('1971-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(fc.array(at, { minLength: 2, maxLength: 4 }), async (instants) => {
        for (const instant of instants) {
          const question = { timezone: 'America/New_York', at: instant };
          const fresh = createLocalClockProvider().operations['time.now'];
          expect(await operations['time.now'](question, context)).toEqual(await fresh(question, context));
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('time.convert', () => {
  test('a local time is read in its zone, an offset or Z wins over the zone', async () => {
    const local = await convert('2026-07-01T09:30', 'Asia/Tokyo', 'America/New_York');
    expect([local.from.localTime, local.to.localTime]).toEqual([
      '2026-07-01T09:30:00+09:00',
      '2026-06-30T20:30:00-04:00',
    ]);
    expect([local.ambiguous, local.skipped]).toEqual([false, false]);
    expect((await convert('2026-07-01T09:30:00.250Z', 'Asia/Tokyo', 'UTC')).to.localTime).toBe(
      '2026-07-01T09:30:00.250+00:00',
    );
    expect((await convert('2026-07-01 09:30:00-0500', 'Asia/Tokyo', 'UTC')).to.localTime).toBe(
      '2026-07-01T14:30:00+00:00',
    );
    expect((await convert('2024-02-29', 'UTC', 'UTC')).from.dayOfYear).toBe(60);
  });

  test('a time as it was given can be asked again, seconds in its offset too', async () => {
    const { to } = await convert('1972-01-01T00:00:00Z', 'UTC', 'Africa/Monrovia');
    expect(to.localTime).toBe('1971-12-31T23:15:30-00:44:30');
    expect((await convert(to.localTime, 'UTC', 'UTC')).to.localTime).toBe('1972-01-01T00:00:00+00:00');
  });

  test('a time that happens twice is the first one', async () => {
    const twice = await convert('2026-10-25T02:30', 'Europe/Paris', 'UTC');
    expect([twice.ambiguous, twice.skipped, twice.from.localTime]).toEqual([true, false, '2026-10-25T02:30:00+02:00']);
  });

  test('a time that the clock jumps over is the one after the jump', async () => {
    const gap = await convert('2026-03-29T02:30', 'Europe/Paris', 'UTC');
    expect([gap.ambiguous, gap.skipped, gap.from.localTime]).toEqual([false, true, '2026-03-29T03:30:00+02:00']);
    const day = await convert('2011-12-30T12:00', 'Pacific/Apia', 'UTC');
    expect([day.skipped, day.from.localTime]).toEqual([true, '2011-12-31T12:00:00+14:00']);
  });

  test.each(['2026-02-29', '2026-13-01', '2026-01-01T24:00', '2026-01-01T12:60', 'tomorrow', '', '2026-1-1'])(
    '"%s" is no time, and the caller is told so',
    async (time) => {
      const rule = 'an ISO 8601 date and time, such as 2026-03-29T14:30';
      expect(await fieldsOf(convert(time, 'UTC', 'UTC'))).toEqual(['caller_error', [{ field: 'time', rule }]]);
    },
  );

  test('an unknown zone is named by its field', async () => {
    const rule = 'an IANA time zone';
    expect(await fieldsOf(convert('2026-01-01', 'Nope', 'UTC'))).toEqual(['caller_error', [{ field: 'from', rule }]]);
    expect(await fieldsOf(convert('2026-01-01', 'UTC', 'Nope'))).toEqual(['caller_error', [{ field: 'to', rule }]]);
  });

  test('there and back is the same instant, in any pair of zones', async () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const instant = fc.integer({ min: Date.UTC(1972, 0), max: Date.UTC(2037, 0) });
    await fc.assert(
      fc.asyncProperty(zone, zone, instant, async (from, to, at) => {
        const there = await convert(new Date(at).toISOString(), from, to);
        expect(there.to.utcTime.getTime()).toBe(at);
        const back = await convert(there.to.localTime, to, from);
        expect(back.from.utcTime.getTime()).toBe(at);
        const local = there.from.localTime.replace(/[+-][\d:]+$/, '');
        const again = await convert(local, from, to);
        expect(again.skipped).toBe(false);
        if (!again.ambiguous) expect(again.from.utcTime.getTime()).toBe(at);
        else expect(again.from.utcTime.getTime()).toBeLessThanOrEqual(at);
      }),
      { numRuns: 60 },
    );
  });
});

describe('time.zones', () => {
  test('lists every zone once, by name, and each is one that time.now knows', async () => {
    const zones = await operations['time.zones']({}, context);
    const ids = zones.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(400);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const { id, utcOffsetS, isDst } of zones)
      expect(await timeAt(id)).toMatchObject({ timezone: id, utcOffsetS, isDst });
  });

  test('of a country, of a part of a name, or both', async () => {
    const ids = async (question: { countryCode?: string; query?: string }) =>
      (await operations['time.zones'](question, context)).map(({ id }) => id);
    expect(await ids({ countryCode: 'pe' })).toEqual(['America/Lima']);
    expect(await ids({ query: 'new york' })).toEqual(['America/New_York']);
    expect(await ids({ countryCode: 'US', query: 'Indiana/' })).toContain('America/Indiana/Knox');
    expect(await ids({ countryCode: 'ZZ' })).toEqual([]);
    const [tokyo] = await operations['time.zones']({ query: 'Tokyo' }, context);
    expect(tokyo).toEqual({ id: 'Asia/Tokyo', utcOffsetS: 32_400, isDst: false, countryCodes: ['JP'] });
  });
});
