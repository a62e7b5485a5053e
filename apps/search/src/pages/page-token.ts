import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { AppError } from '@universal-api/errors';

/** Tokens that say where the next page of a list begins; whoever holds one can neither read more into it nor change it. */
export interface PageTokens {
  /** The token of the page after `keyset`, the key of the last item given, in a list under this filter. */
  seal(keyset: string, filter: string): string;
  /** The keyset of a token. Errors: `page_token_invalid` if it is damaged, or of another filter or service. */
  open(token: string, filter: string): string;
}

const version = 1;
const hashBytes = 8;
const macBytes = 16;
const tailBytes = hashBytes + 1 + macBytes;

/** The key of a service's page tokens: HKDF-SHA-256(`INTERNAL_AUTH_KEY`, "page:" + service), 32 bytes. */
export function derivePageKey(internalAuthKey: Buffer, service: string): Buffer {
  return Buffer.from(hkdfSync('sha256', internalAuthKey, '', `page:${service}`, 32));
}

/** Tokens under one key: base64url(keyset ‖ hash of filter ‖ version ‖ MAC). */
export function createPageTokens(key: Buffer): PageTokens {
  const macOf = (bytes: Buffer) => createHmac('sha256', key).update(bytes).digest().subarray(0, macBytes);
  return {
    seal(keyset, filter) {
      const signed = Buffer.concat([Buffer.from(keyset, 'utf8'), hashOf(filter), Buffer.from([version])]);
      return Buffer.concat([signed, macOf(signed)]).toString('base64url');
    },
    open(token, filter) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length <= tailBytes || bytes.toString('base64url') !== token) throw new AppError('page_token_invalid');
      const signed = bytes.subarray(0, -macBytes);
      const hash = signed.subarray(-hashBytes - 1, -1);
      const isOurs = timingSafeEqual(bytes.subarray(-macBytes), macOf(signed));
      if (!isOurs || signed.at(-1) !== version || !hash.equals(hashOf(filter)))
        throw new AppError('page_token_invalid');
      return signed.subarray(0, -hashBytes - 1).toString('utf8');
    },
  };
}

function hashOf(filter: string): Buffer {
  return createHash('sha256').update(filter, 'utf8').digest().subarray(0, hashBytes);
}
