const longest = 254;
const shape = /^[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[^\s@<>()[\],;:\\"\p{Cc}]{1,253}$/u;

/**
 * An address as it is stored and compared: lower case, NFC, without space around it. Whether it is one, is not said. NFC comes
 * last: a small letter may be one where its capital is two.
 */
export function foldEmail(typed: string): string {
  return typed.trim().toLowerCase().normalize('NFC');
}

/** Whether a folded text can be the address of a mailbox (RFC 5321 without quoted local parts and address literals). */
export function isEmail(folded: string): boolean {
  return folded.length <= longest && shape.test(folded);
}

/** What stands before the `@`. */
export function localPartOf(email: string): string {
  return email.slice(0, email.indexOf('@'));
}
