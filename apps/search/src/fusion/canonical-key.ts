import { foldName } from '@universal-api/providers-kit/local/fold-name';
import { canonicalUrl } from './canonical-url.ts';

/** What is known of a thing, as far as it tells the thing from others. */
export interface Identity {
  readonly category: string;
  readonly title: string;
  readonly url?: string;
  /** Ids that the mapping read from the provider's answer, such as `{country: 'PE'}`; compared within the category. */
  readonly ids?: Readonly<Record<string, string>>;
  readonly publishedAt?: Date;
}

/**
 * What two results must share to be the same thing: an id that the world agrees on, else the page, else title and date
 * within the category. Pure; the first that applies (search.md 7).
 */
export function canonicalKey({ category, title, url = '', ids = {}, publishedAt }: Identity): string {
  const doi = readDoi(ids['doi'] ?? url);
  if (doi) return `doi:${doi}`;
  const isbn = ids['isbn'] === undefined ? undefined : readIsbn(ids['isbn']);
  if (isbn) return `isbn:${isbn}`;
  const arxiv = readArxiv(ids['arxiv'] ?? url, ids['arxiv'] !== undefined);
  if (arxiv) return `arxiv:${arxiv}`;
  const [own] = Object.entries(ids).filter(([name]) => !['doi', 'isbn', 'arxiv'].includes(name));
  if (own) return `${own[0]}:${own[1]}`;
  const page = canonicalUrl(url);
  if (page) return `url:${page}`;
  return `title:${category}:${foldName(title)}:${publishedAt?.toISOString().slice(0, 10) ?? ''}`;
}

/** A DOI in lower case without its resolver; undefined if the text holds none. */
export function readDoi(text: string): string | undefined {
  const match = /^(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/|doi:\s*)?(10\.\d{4,9}\/[^\s?#]+)/i.exec(decode(text.trim()));
  return match?.[1]?.toLowerCase().replace(/[.,;)\]]+$/, '');
}

/** ISBN-13 of an ISBN-10 or -13; undefined if the check digit is wrong. */
export function readIsbn(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, '').toUpperCase();
  if (/^\d{9}[\dX]$/.test(digits)) {
    const sum = [...digits].reduce((all, digit, place) => all + (digit === 'X' ? 10 : Number(digit)) * (10 - place), 0);
    if (sum % 11 !== 0) return undefined;
    const body = `978${digits.slice(0, 9)}`;
    return body + checkDigit13(body);
  }
  if (!/^97[89]\d{10}$/.test(digits)) return undefined;
  return checkDigit13(digits.slice(0, 12)) === digits[12] ? digits : undefined;
}

/** An arXiv id without its version, old or new form; a bare id counts only where it is known to be one. */
export function readArxiv(text: string, isId: boolean): string | undefined {
  const form = '(\\d{4}\\.\\d{4,5}|[a-z-]+(?:\\.[a-z]{2})?\\/\\d{7})(?:v\\d+)?';
  const prefix = isId
    ? '(?:arxiv:)?'
    : '(?:https?:\\/\\/(?:www\\.|export\\.)?arxiv\\.org\\/(?:abs|pdf|html)\\/|arxiv:)';
  return new RegExp(`^${prefix}${form}(?:\\.pdf)?\\/?(?:[?#].*)?$`, 'i').exec(text.trim())?.[1]?.toLowerCase();
}

function checkDigit13(body: string): string {
  const sum = [...body].reduce((all, digit, place) => all + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: then the text is what it says.
    return text;
  }
}
