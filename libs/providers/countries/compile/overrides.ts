/** Where world-countries 5.1.0 is silent or behind: one fact a row, with what says so. */
export interface CountryOverride {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** English names by which the country is found as well. */
  readonly aliases?: readonly string[];
  /** Instead of the source's. */
  readonly currencies?: readonly { readonly code: string; readonly name: string; readonly symbol: string }[];
  /** Instead of the source's. */
  readonly capitals?: readonly string[];
  readonly source: string;
  /** Since when it holds: day, month or year; of a name that is no longer the official one, until when it was. */
  readonly date: string;
}

const euro = { code: 'EUR', name: 'Euro', symbol: '€' };
const dollar = { code: 'USD', name: 'United States dollar', symbol: '$' };
const caribbeanGuilder = { code: 'XCG', name: 'Caribbean guilder', symbol: 'Cg' };
const commonUse = 'common English short form';

/** Corrections of money and capitals, then names. */
export const overrides: readonly CountryOverride[] = [
  {
    code: 'BG',
    currencies: [euro],
    source: 'Council of the European Union, decision of 8 July 2025 on the adoption of the euro by Bulgaria',
    date: '2026-01-01',
  },
  ...['CW', 'SX'].map((code) => ({
    code,
    currencies: [caribbeanGuilder],
    source: 'Centrale Bank van Curaçao en Sint Maarten: the Caribbean guilder replaces the Antillean one; ISO 4217 XCG',
    date: '2025-03-31',
  })),
  {
    code: 'SL',
    currencies: [{ code: 'SLE', name: 'Sierra Leonean leone', symbol: 'Le' }],
    source: 'Bank of Sierra Leone, redenomination of 1,000 old leones (SLL) to one; ISO 4217 SLE',
    date: '2022-07-01',
  },
  {
    code: 'ZW',
    currencies: [{ code: 'ZWG', name: 'Zimbabwe Gold', symbol: 'ZiG' }, dollar],
    source:
      'Reserve Bank of Zimbabwe, monetary policy statement of 5 April 2024; ISO 4217 ZWG. The dollar stays in use',
    date: '2024-04',
  },
  {
    code: 'FM',
    currencies: [dollar],
    source: 'Compact of Free Association with the United States: the dollar is the currency',
    date: '1986-11',
  },
  {
    code: 'HK',
    capitals: [],
    source: 'The Basic Law of Hong Kong names no capital; the City of Victoria was one of the colony',
    date: '1997-07-01',
  },
  { code: 'TR', aliases: ['Turkey'], source: 'name at the United Nations until Türkiye', date: '2022-06' },
  { code: 'BS', aliases: ['The Bahamas'], source: 'Constitution: Commonwealth of The Bahamas', date: '1973-07-10' },
  { code: 'GM', aliases: ['The Gambia'], source: 'Constitution: Republic of The Gambia', date: '1970-04-24' },
  {
    code: 'VA',
    aliases: ['Holy See', 'The Holy See', 'The Vatican'],
    source: 'permanent observer at the United Nations as the Holy See',
    date: '1964',
  },
  { code: 'CZ', aliases: ['The Czech Republic'], source: 'Constitution: Czech Republic', date: '1993-01-01' },
  {
    code: 'US',
    aliases: ['America', 'U.S.', 'U.S.A.', 'The United States', 'The United States of America'],
    source: 'Declaration of Independence: United States of America; short forms of it',
    date: '1776-07-04',
  },
  {
    code: 'GB',
    aliases: ['Britain', 'U.K.', 'The United Kingdom'],
    source: 'Royal and Parliamentary Titles Act 1927: United Kingdom; short forms of it',
    date: '1927-04-12',
  },
  { code: 'AE', aliases: ['The United Arab Emirates'], source: commonUse, date: '1971-12-02' },
  { code: 'CN', aliases: ['PRC'], source: "short form of People's Republic of China", date: '1949-10-01' },
  { code: 'LA', aliases: ['Lao PDR'], source: "short form of Lao People's Democratic Republic", date: '1975-12-02' },
  { code: 'PH', aliases: ['The Philippines'], source: commonUse, date: '1946-07-04' },
  { code: 'MV', aliases: ['The Maldives'], source: commonUse, date: '1965-07-26' },
  { code: 'BA', aliases: ['Bosnia'], source: commonUse, date: '1992-03-03' },
  { code: 'WS', aliases: ['Western Samoa'], source: 'name of the state until Samoa', date: '1997-07-04' },
  { code: 'KN', aliases: ['St Kitts and Nevis'], source: commonUse, date: '1983-09-19' },
  { code: 'VC', aliases: ['St Vincent and the Grenadines'], source: commonUse, date: '1979-10-27' },
  { code: 'DO', aliases: ['The Dominican Republic'], source: commonUse, date: '1844-02-27' },
  { code: 'SC', aliases: ['The Seychelles'], source: commonUse, date: '1976-06-29' },
  { code: 'KM', aliases: ['The Comoros'], source: commonUse, date: '1975-07-06' },
];
