/** Most telling first: a browser names the ones it wants to be taken for as well. */
const families: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const firstProduct = /^[\w.+-]{1,64}/;

/** The family of a program, such as Firefox or curl, so that a person knows a session again; `''` where nothing is said. */
export function userAgentFamily(userAgent: string | undefined): string {
  if (userAgent === undefined) return '';
  const known = families.find(([pattern]) => pattern.test(userAgent));
  return known?.[1] ?? firstProduct.exec(userAgent)?.[0] ?? '';
}
