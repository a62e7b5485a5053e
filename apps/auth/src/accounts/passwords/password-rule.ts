import { AppError } from '@universal-api/errors';
import { localPartOf } from '../people/email-address.ts';

/** Fewest and most characters of a password, after NFC. */
export const passwordLength = { min: 8, max: 256 } as const;

/** Words about the account that its password may not be made of. */
export interface PasswordWords {
  readonly email: string;
  readonly username?: string;
  readonly tenantNames: readonly string[];
}

/** A password that somebody wants. */
export interface WantedPassword extends PasswordWords {
  readonly password: string;
  /** Name of the field it came in, for the refusal. */
  readonly field: string;
}

/** Refuses a password that must not be used. Errors: `invalid_request`, naming the field and the rule, never the password. */
export type CheckPasswordRule = (wanted: WantedPassword) => Promise<void>;

/** What the rule looks things up in. */
export interface PasswordRuleParts {
  /** Lower case. */
  readonly common: ReadonlySet<string>;
  /** Whether a password is in a list of breached ones; absent: there is no such list. */
  readonly isBreached?: (password: string) => Promise<boolean>;
}

const productName = 'universalapi';
/** Shorter words would refuse too much. */
const shortestWord = 3;
/** So few characters around a word of the account are no protection. */
const mostAround = 4;

/**
 * The rule (platform.md 1.5, after NIST SP 800-63B 3.1.1.2): 8 to 256 characters after NFC, nothing that everybody uses, nothing made
 * of a word about the account with at most four characters around it. No composition rule, nothing is cut.
 */
export function createPasswordRule({ common, isBreached }: PasswordRuleParts): CheckPasswordRule {
  return async ({ password, field, ...words }) => {
    const refuse = (rule: string, detail: string) => {
      throw new AppError('invalid_request', { detail, errors: [{ field, rule }] });
    };
    const normal = password.normalize('NFC');
    const length = [...normal].length;
    if (length < passwordLength.min) refuse('min_length', `A password has ${passwordLength.min} characters or more.`);
    if (length > passwordLength.max) refuse('max_length', `A password has ${passwordLength.max} characters or fewer.`);
    if (common.has(normal.toLowerCase()))
      refuse('too_common', 'This is one of the commonest passwords. Choose another.');
    if (isMadeOf(normal, words)) refuse('too_obvious', 'The password is made of a name or of the e-mail address.');
    if (await isBreached?.(normal)) refuse('breached', 'This password is in a list of breached ones. Choose another.');
  };
}

function isMadeOf(password: string, { email, username, tenantNames }: PasswordWords): boolean {
  const text = fold(password);
  const words = [localPartOf(email), email, username ?? '', ...tenantNames, productName].map(fold);
  return words.some((word) => {
    if ([...word].length < shortestWord || !text.includes(word)) return false;
    return [...text.replaceAll(word, '')].length <= mostAround;
  });
}

/** Letters and digits alone, lower case: `Universal API` and `universal-api` are one word. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
