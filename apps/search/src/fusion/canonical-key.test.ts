import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalKey, readArxiv, readDoi, readIsbn } from './canonical-key.ts';
import { canonicalUrl } from './canonical-url.ts';

describe('one page, however it is linked', () => {
  test.each([
    'https://example.org/a/b?x=1&y=2',
    'http://www.example.org/a/b/?y=2&x=1',
    'https://EXAMPLE.org:443/a/b?utm_source=feed&x=1&y=2&fbclid=abc#part',
    'https://m.example.org/a//b?x=1&y=2',
    'https://amp.example.org/a/b/amp/?x=1&y=2',
    'https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fx%3D1%26y%3D2&sa=U',
    'https://duckduckgo.com/l/?uddg=https%3A%2F%2Fwww.google.fr%2Furl%3Furl%3Dhttps%253A%252F%252Fexample.org%252Fa%252Fb%253Fx%253D1%2526y%253D2',
    'https://example-org.cdn.ampproject.org/c/s/example.org/a/b?x=1&y=2',
  ])('%s', (url) => {
    expect(canonicalUrl(url)).toBe('example.org/a/b?x=1&y=2');
  });

  test.each([
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://example.org/#!/page', 'example.org#!/page'],
    ['https://example.org:8443/', 'example.org:8443'],
    ['https://m.co/x', 'm.co/x'],
    ['https://example.org/?ref=a&id=7', 'example.org?id=7'],
    ['https://example.org/caf%c3%a9', 'example.org/caf%C3%A9'],
  ])('%s is %s', (url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical);
  });

  test.each(['', 'mailto:a@example.org', 'javascript:alert(1)', 'no url', 'ftp://example.org'])(
    '%j is no page',
    (url) => {
      expect(canonicalUrl(url)).toBeUndefined();
    },
  );

  test('pages that differ stay apart', () => {
    const urls = [
      'https://example.org/a',
      'https://example.org/b',
      'https://example.org/a?id=1',
      'https://sub.example.org/a',
    ];
    expect(new Set(urls.map(canonicalUrl)).size).toBe(urls.length);
  });

  test('of any address: the canonical form of the canonical form is itself', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const once = canonicalUrl(url);
        expect(once && canonicalUrl(`https://${once}`)).toBe(once);
      }),
    );
  });
});

describe('ids that the world agrees on', () => {
  test.each([
    ['https://doi.org/10.1000/Xyz.123', '10.1000/xyz.123'],
    ['doi:10.1000/xyz.123', '10.1000/xyz.123'],
    ['http://dx.doi.org/10.1000%2Fxyz.123?x=1', '10.1000/xyz.123'],
    ['10.1000/182', '10.1000/182'],
    ['https://example.org/10.1000/182', undefined],
  ])('DOI of %s', (text, doi) => {
    expect(readDoi(text)).toBe(doi);
  });

  test.each([
    ['0-306-40615-2', '9780306406157'],
    ['978-0-306-40615-7', '9780306406157'],
    ['080442957X', '9780804429573'],
    ['0-306-40615-3', undefined],
    ['9780306406158', undefined],
    ['12345', undefined],
  ])('ISBN of %s', (text, isbn) => {
    expect(readIsbn(text)).toBe(isbn);
  });

  test.each([
    ['https://arxiv.org/abs/1706.03762v5', false, '1706.03762'],
    ['http://export.arxiv.org/pdf/1706.03762.pdf', false, '1706.03762'],
    ['arXiv:hep-th/9901001v2', false, 'hep-th/9901001'],
    ['1706.03762v1', true, '1706.03762'],
    ['1706.03762', false, undefined],
  ])('arXiv id of %s', (text, isId, id) => {
    expect(readArxiv(text, isId)).toBe(id);
  });
});

describe('the key of a result', () => {
  const base = { category: 'papers', title: 'A Title' };

  test('is a DOI before a page, a page before a title', () => {
    expect(canonicalKey({ ...base, url: 'https://doi.org/10.1/x', ids: {} })).not.toContain('doi:');
    expect(canonicalKey({ ...base, url: 'https://doi.org/10.1000/x' })).toBe('doi:10.1000/x');
    expect(canonicalKey({ ...base, url: 'https://example.org/x', ids: { doi: '10.1000/x' } })).toBe('doi:10.1000/x');
    expect(canonicalKey({ ...base, url: 'https://example.org/x', ids: { country: 'PE' } })).toBe('country:PE');
    expect(canonicalKey({ ...base, url: 'https://example.org/x' })).toBe('url:example.org/x');
  });

  test('without any of them is the title and the day within the category', () => {
    const publishedAt = new Date('2026-03-01T10:00:00Z');
    expect(canonicalKey({ ...base, title: ' Á títle! ', publishedAt })).toBe('title:papers:a title:2026-03-01');
    expect(canonicalKey(base)).not.toBe(canonicalKey({ ...base, category: 'news' }));
  });
});
