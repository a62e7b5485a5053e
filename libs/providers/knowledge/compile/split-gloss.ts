/** A gloss in its two parts: what the word means, and sentences that use it. */
export interface SplitGloss {
  readonly text: string;
  readonly examples: readonly string[];
}

/** Splits `meaning; "example"; "example"- Author`. Quotes inside the meaning stay there; the author is left out. */
export function splitGloss(gloss: string): SplitGloss {
  const start = gloss.search(/(?:^|[;:,]?\s)"/);
  const opensWithQuote = start !== -1 && !isInBrackets(gloss, start);
  const text = opensWithQuote ? gloss.slice(0, start) : gloss;
  const rest = opensWithQuote ? gloss.slice(start) : '';
  const examples = [...rest.matchAll(/"([^"]+)"/g)].map(([, example = '']) => tidy(example));
  const meaning = tidy(text).replace(/[;:,]$/, '');
  // A few glosses are a quotation and nothing else.
  return meaning === '' ? { text: tidy(gloss), examples: [] } : { text: meaning, examples };
}

function isInBrackets(text: string, position: number): boolean {
  const before = text.slice(0, position);
  return before.split('(').length > before.split(')').length;
}

function tidy(text: string): string {
  return text
    .replace(/`([^`']+)'/g, '‘$1’')
    .replace(/\s+/g, ' ')
    .trim();
}
