import { AppError } from '@universal-api/errors';
import { requestNames, type IdentifyCaller } from '@universal-api/grpc';
import {
  principalLifeSeconds,
  readCredential,
  type Credential,
  type Principal,
  type PrincipalVerifier,
} from '@universal-api/principal';
import { Priority, methodRules, pathOf } from '@universal-api/protos';
import type { Host } from '../host.ts';
import type { KnownCaller } from './caller.ts';
import type { Callers } from './open-callers.ts';

/** Parts of it. */
export interface IdentifyParts {
  /** The service that is called. */
  readonly name: string;
  readonly principals: PrincipalVerifier;
  /** Absent: only signed principals are known here. */
  readonly callers?: Pick<Callers, 'keys' | 'tokens'> | undefined;
  readonly host: Pick<Host, 'now' | 'newId'>;
}

/**
 * Who calls a service: the signed principal, or, for callers inside the network that have none, `authorization: Bearer` with an
 * access token or a key (platform.md 1.8). Scopes, tenant and ledger hold for these too; rate policies are the gateway's.
 * Errors: `unauthenticated`, `invalid_token`, `service_unavailable` when nobody can say.
 */
export function identifyCaller({ name, principals, callers, host }: IdentifyParts): IdentifyCaller {
  return (metadata, method) => {
    const path = pathOf(method);
    const principal = metadata.get(requestNames.principal);
    const authorization = metadata.get(requestNames.authorization);
    if (principal !== undefined || authorization === undefined || !callers) return principals.verify(principal, path);
    const credential = readCredential({ authorization, url: '' });
    const address = addressOf(metadata.peer);
    const bind = ({ caller }: KnownCaller): Principal => {
      const iat = Math.floor(host.now() / 1_000);
      return {
        ...caller,
        ...{ iss: name, aud: name, mth: path, iat, exp: iat + principalLifeSeconds },
        pri: methodRules(method).priority === Priority.CRITICAL ? 'critical' : 'normal',
        rid: metadata.get(requestNames.requestId) ?? host.newId(),
        cid: host.newId(),
        cip: address,
      };
    };
    const known = findKnown(credential, address, callers);
    return known instanceof Promise ? known.then(bind) : bind(known);
  };
}

function findKnown(
  credential: Credential,
  address: string,
  { keys, tokens }: Pick<Callers, 'keys' | 'tokens'>,
): KnownCaller | Promise<KnownCaller> {
  if (credential.kind === 'refused') throw new AppError(credential.code);
  if (credential.kind === 'none') throw new AppError('unauthenticated');
  if (credential.kind === 'token') return tokens.peek(credential.text) ?? tokens.find(credential.text);
  return keys.find(credential, address).then((known) => {
    if (!known) throw new AppError('invalid_token');
    return known;
  });
}

/** `192.0.2.1:50000` and `[::1]:50000`, as grpc-js names a peer, without the port. */
function addressOf(peer: string): string {
  const at = peer.lastIndexOf(':');
  return (at < 0 ? peer : peer.slice(0, at)).replace(/^ipv[46]:/, '').replace(/^\[|\]$/g, '');
}
