import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeApiKey } from './api-key.ts';
import { readCredential, type CredentialSource } from './read-credential.ts';

const { text, mode, id12, secret32 } = makeApiKey('live', randomBytes);
const url = '/api/v1/time/now?timezone=Asia/Tokyo';
const accepted = { kind: 'api_key', text, mode, id12, secret32 };
const damaged = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
const jwt = `${btoa('{"alg":"ES256"}').replaceAll('=', '')}.e30.c2lnbmF0dXJl`;
const refreshToken = `uapi_rt_${randomBytes(32).toString('base64url')}`;
const refused = (code: string) => ({ kind: 'refused', code });
const invalid = refused('invalid_token');
const multiple = refused('multiple_credentials');
const inUrl = refused('credential_in_url');

const table: readonly (readonly [string, Partial<CredentialSource>, unknown])[] = [
  ['nothing', {}, { kind: 'none' }],
  ['Bearer', { authorization: `Bearer ${text}` }, accepted],
  ['bearer, several spaces', { authorization: `bearer    ${text}` }, accepted],
  ['BEARER', { authorization: `BEARER ${text}` }, accepted],
  ['X-API-Key', { apiKey: text }, accepted],
  ['a single header given as a list', { apiKey: [text] }, accepted],
  ['an access token', { authorization: `Bearer ${jwt}` }, { kind: 'token', text: jwt }],
  ['an access token, scheme in small letters', { authorization: `bearer  ${jwt}` }, { kind: 'token', text: jwt }],
  ['an access token as X-API-Key', { apiKey: jwt }, invalid],
  ['an access token under DPoP', { authorization: `DPoP ${jwt}` }, invalid],
  ['a token of two parts', { authorization: 'Bearer abc.def' }, invalid],
  ['a token of four parts', { authorization: 'Bearer a.b.c.d' }, invalid],
  ['a token with an empty part', { authorization: 'Bearer abc.def.' }, invalid],
  ['a token with padding', { authorization: 'Bearer YQ==.YQ==.YQ==' }, invalid],
  ['a token of 4,097 characters', { authorization: `Bearer a.b.${'c'.repeat(4093)}` }, invalid],
  ['an access token beside a key', { authorization: `Bearer ${jwt}`, apiKey: text }, multiple],
  ['a refresh token as credential', { authorization: `Bearer ${refreshToken}` }, invalid],
  ['refresh_token in the query', { url: '/api/v1/auth/refresh?refresh_token=x' }, inUrl],
  ['a refresh token under any name', { url: `/x?q=${refreshToken}` }, inUrl],
  ['both headers', { authorization: `Bearer ${text}`, apiKey: text }, multiple],
  ['both headers, one of them nonsense', { authorization: 'nonsense', apiKey: text }, multiple],
  ['Authorization twice', { authorization: [`Bearer ${text}`, `Bearer ${text}`] }, multiple],
  ['X-API-Key twice', { apiKey: [text, text] }, multiple],
  ['X-API-Key twice, joined by the parser', { apiKey: `${text}, ${text}` }, invalid],
  ['Basic', { authorization: `Basic ${text}` }, invalid],
  ['no scheme', { authorization: text }, invalid],
  ['a word before', { authorization: `n1 Bearer ${text}` }, invalid],
  ['a word after', { authorization: `Bearer ${text} extra` }, invalid],
  ['a tab between', { authorization: `Bearer\t${text}` }, invalid],
  ['a scheme alone', { authorization: 'Bearer' }, invalid],
  ['a scheme and a space', { authorization: 'Bearer ' }, invalid],
  ['an empty Authorization', { authorization: '' }, invalid],
  ['an empty X-API-Key', { apiKey: '' }, invalid],
  ['Bearer inside X-API-Key', { apiKey: `Bearer ${text}` }, invalid],
  ['a wrong checksum', { authorization: `Bearer ${damaged}` }, invalid],
  ['another text', { apiKey: 'sk-123' }, invalid],
  ['api_key in the query', { url: '/x?api_key=anything' }, inUrl],
  ['apikey in the query', { url: '/x?a=1&apikey=' }, inUrl],
  ['API-Key in the query', { url: '/x?API-Key=1' }, inUrl],
  ['x-api-key in the query', { url: '/x?x-api-key=1' }, inUrl],
  ['access_token in the query', { url: '/x?access_token=abc' }, inUrl],
  ['an escaped name', { url: '/x?api%5Fkey=abc' }, inUrl],
  ['a key under any name', { url: `/x?key=${text}` }, inUrl],
  ['a key inside a value', { url: `/x?q=what+is+_${text}_` }, inUrl],
  ['a key of wrong checksum', { url: `/x?q=${damaged}` }, inUrl],
  ['an escaped key', { url: `/x?q=${text.replaceAll('_', '%5f')}` }, inUrl],
  ['an escaped key beside a broken escape', { url: `/x?z=%zz&q=${text.replaceAll('_', '%5F')}` }, inUrl],
  ['a key in the path', { url: `/api/v1/dictionary/${text}` }, inUrl],
  ['a refresh token under any name', { url: `/x?q=uapi_rt_${'r'.repeat(43)}` }, inUrl],
  ['the token of a second step under any name', { url: `/x?q=uapi_mfa_${'m'.repeat(43)}` }, inUrl],
  ['a key in the URL beside one in a header', { url: `/x?q=${text}`, apiKey: text }, inUrl],
  ['a harmless parameter named key', { url: '/x?key=serendipity' }, { kind: 'none' }],
  ['a path named api_key', { url: '/api_key' }, { kind: 'none' }],
  ['a value named api_key', { url: '/x?q=api_key' }, { kind: 'none' }],
];

describe('the credential of a request', () => {
  test.each(table)('%s', (_name, source, expected) => {
    expect(readCredential({ url, ...source })).toEqual(expected);
  });

  test('never throws, and never takes noise for a key', () => {
    const noise = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(noise, noise, fc.string({ unit: 'binary' }), (authorization, apiKey, path) => {
        const read = readCredential({ authorization, apiKey, url: `/${path}` });
        expect(['none', 'refused']).toContain(read.kind);
        if (read.kind === 'none') expect([authorization, apiKey]).toEqual([undefined, undefined]);
      }),
    );
  });
});
