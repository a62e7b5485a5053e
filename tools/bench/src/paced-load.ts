import { sendPaced, type PacedLoad, type PacedResult } from './send-paced.ts';
import { makeApiKey } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';

/** What a sender in a process of its own is told. */
export interface PacedOrder extends Omit<PacedLoad, 'headersOf' | 'bodyOf'> {
  /** `known`: this key each time; `unknown`: another key of right shape each time; `login`: another unknown account each time. */
  readonly kind: { readonly known: string } | 'unknown' | 'login';
}

/** A sender in a process of its own: what it does must not make our own measuring late. */
process.on('message', (order: PacedOrder) => {
  void sendPaced(toLoad(order)).then((result: PacedResult) => process.send?.(result));
});
process.send?.({ isReady: 1 });

function toLoad({ kind, ...load }: PacedOrder): PacedLoad {
  if (kind === 'login') {
    return {
      ...load,
      method: 'POST',
      headersOf: (n) => ({ 'content-type': 'application/json', 'x-forwarded-for': `198.18.${n >> 8}.${n & 255}` }),
      bodyOf: (n) =>
        JSON.stringify({ email: `${n}-${randomBytes(4).toString('hex')}@example.com`, password: 'not the password' }),
    };
  }
  if (kind === 'unknown') {
    return { ...load, headersOf: () => ({ authorization: `Bearer ${makeApiKey('live', randomBytes).text}` }) };
  }
  return { ...load, headersOf: () => ({ authorization: `Bearer ${kind.known}` }) };
}
