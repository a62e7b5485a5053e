import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeHtml } from './escape-html.ts';

const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

test('no text opens a tag or leaves an attribute, and none is lost', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('<', '>', '"', "'", '&', 'amp;'), fc.string({ unit: 'grapheme' })),
  });
  fc.assert(
    fc.property(text, (original) => {
      const escaped = escapeHtml(original);
      expect(escaped).not.toMatch(/[<>"']/);
      const back = escaped.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity as keyof typeof entities]);
      expect(back).toBe(original);
    }),
  );
});
