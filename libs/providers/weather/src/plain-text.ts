import { toText } from '@universal-api/providers-kit';

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A text without markup and with its entities decoded, NFC, trimmed; undefined for what has nothing in it or says so. */
export function plainText(value: unknown): string | undefined {
  let text = toText(value);
  // Markup may be hidden in entities, and those in others; each pass makes the text shorter, or it is the last.
  for (let before = ''; text !== undefined && text !== before;) {
    before = text;
    text = toText(text.replace(/&(#x[\da-f]+|#\d+|[a-z]+);/gi, decode).replace(/<\/?[a-z][^>]*>/gi, ' '));
  }
  return text && /^(n\/a|null|undefined|nan)$/i.test(text) ? undefined : text;
}

function decode(_entity: string, name: string): string {
  if (!name.startsWith('#')) return named[name.toLowerCase()] ?? ' ';
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isCharacter = code >= 0x20 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : ' ';
}

/** An absolute https address, or undefined. */
export function httpsUrl(value: unknown): string | undefined {
  const text = toText(value);
  return text && URL.canParse(text) && new URL(text).protocol === 'https:' ? new URL(text).href : undefined;
}
