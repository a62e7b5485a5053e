import { describe, expect, test } from '@jest/globals';
import { exampleManifest } from '../test/example-manifest.ts';
import { hostNamesOf, hostSettings, toUserAgent } from './host-settings.ts';

const http = { get: () => Promise.reject(new Error('not asked')) };
const settings = (environment: Record<string, string>) =>
  hostSettings(exampleManifest, { environment, http, version: '1.2.3' });

describe('hosts', () => {
  test('are those of the manifest', () => {
    const { hosts } = settings({});
    expect(hosts).toEqual(exampleManifest.hosts);
    expect(hostNamesOf(exampleManifest, settings({}), Object.keys(exampleManifest.operations)[0] ?? '')).toEqual([
      'api.example.org',
    ]);
  });

  test('an operation asks its own host, and another with a credential', () => {
    const operations = { 'weather.history': { host: 'archive' }, 'weather.current': { hostWithKey: 'archive' } };
    const manifest = { ...exampleManifest, operations };
    const namesWith = (environment: Record<string, string>, operation: string) =>
      hostNamesOf(manifest, settings(environment), operation);
    expect(namesWith({}, 'weather.history')).toEqual(['archive.example.org']);
    expect(namesWith({}, 'weather.current')).toEqual(['api.example.org']);
    expect(namesWith({ EXAMPLE_API_KEY: 'k' }, 'weather.current')).toEqual(['archive.example.org']);
  });

  test('a variable overrides one, without its last slash', () => {
    expect(settings({ EXAMPLE_ARCHIVE_URL: 'http://10.0.0.1:8080/api/' }).hosts).toEqual({
      base: 'https://api.example.org/v1',
      archive: 'http://10.0.0.1:8080/api',
    });
  });

  test('the simulator replaces all, also overridden ones', () => {
    const environment = { UAPI_SIMULATOR_URL: 'http://127.0.0.1:9/', EXAMPLE_BASE_URL: 'http://own' };
    expect(settings(environment).hosts).toEqual({
      base: 'http://127.0.0.1:9/example/base',
      archive: 'http://127.0.0.1:9/example/archive',
    });
  });

  test.each(['nowhere', 'ftp://x', 'http://a?b', 'http://a#b', 'http://u:p@a'])('%s is refused by name', (url) => {
    expect(() => settings({ EXAMPLE_BASE_URL: url })).toThrow('EXAMPLE_BASE_URL: an absolute');
    expect(() => settings({ UAPI_SIMULATOR_URL: url })).toThrow('UAPI_SIMULATOR_URL: an absolute');
  });
});

test('the key is read only where the manifest asks for one', () => {
  expect(settings({ EXAMPLE_API_KEY: 'k' }).key?.reveal()).toBe('k');
  const source = { environment: { EXAMPLE_API_KEY: 'k' }, http, version: '1' };
  expect(hostSettings({ ...exampleManifest, auth: { kind: 'none' } }, source).key).toBeUndefined();
});

test('the User-Agent names the product and the contact, which cannot break the header', () => {
  expect(settings({}).userAgent).toBe('universal-api/1.2.3');
  expect(settings({ UAPI_CONTACT: 'ops@example.org' }).userAgent).toBe('universal-api/1.2.3 (ops@example.org)');
  expect(toUserAgent('1', 'a)\r\nX: (\\é')).toBe('universal-api/1 (aX:)');
});
