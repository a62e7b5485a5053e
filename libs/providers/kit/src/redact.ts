/** A text without a secret: the secret itself and its form in a URL become `***`. Without a secret, the text as it is. */
export function redact(text: string, secret: string | undefined): string {
  if (!secret) return text;
  return text.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
}
