const tagShape = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$/;
const maxCharacters = 256;

/** The language that `Accept-Language` prefers (RFC 9110, 12.5.4), as BCP 47; undefined when it names none. */
export function readLanguage(header: string | undefined): string | undefined {
  if (header === undefined || header.length > maxCharacters) return undefined;
  if (tagShape.test(header)) return header;
  let best: string | undefined;
  let bestWeight = 0;
  for (const entry of header.split(',')) {
    const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = weightOf(parameters);
    if (weight > bestWeight && tagShape.test(tag)) {
      best = tag;
      bestWeight = weight;
    }
  }
  return best;
}

function weightOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = given === undefined ? 1 : Number(given.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
