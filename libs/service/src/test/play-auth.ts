import { AppError } from '@universal-api/errors';
import { createGrpcServer, type CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { createPrincipalVerifier, principalHeader, type KeyRing } from '@universal-api/principal';
import { pathOf, productContract, type MessageInitShape, type ServiceHandlers } from '@universal-api/protos';
import {
  AuthService,
  type WatchRequest,
  type WatchResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { VerifiedKey } from '../callers/known-keys.ts';

export { createTokenSigner, testClaims, type TokenSigner } from './sign-tokens.ts';

type Told = MessageInitShape<typeof WatchResponseSchema>;

/** The service `auth` as a test plays it, over real gRPC. For tests only. */
export interface PlayedAuth {
  readonly address: string;
  /** Keys that are good; any other is not. */
  readonly good: Map<string, VerifiedKey>;
  /** Keys that were asked about, with the address each came from. */
  readonly asked: (readonly [key: string, clientIp: string])[];
  /** What `GetJwks` answers; each question is counted. */
  jwks: { jwksJson: string; issuer: string };
  jwksAsked(): number;
  /** Streams that were begun, and those that are open. */
  readonly watches: WatchRequest[];
  open(): number;
  /** Says something to every open stream. */
  tell(message: Told): void;
  /** Whether open streams get a sign of life every 500 ms. */
  isAlive: boolean;
  stop(): Promise<void>;
}

/** A good key's holder, on plan `unlimited`. */
export const playedKey: VerifiedKey = {
  valid: true,
  tenantId: '00000000-0000-0000-0000-00000000000a',
  userId: '',
  lineageId: '00000000-0000-0000-0000-00000000000b',
  keyId: '00000000-0000-0000-0000-00000000000c',
  scopes: ['data:read', 'search:write'],
  plan: 'unlimited',
  mode: 'live',
  credentialPool: 'own',
  limits: {},
  ipAllow: [],
};

const signOfLifeMs = 500;

/** Listens on loopback, at `address` if one is given; believes principals under `keys`. */
export async function playAuth(keys: KeyRing, address = '127.0.0.1:0'): Promise<PlayedAuth> {
  const inboxes = new Set<(message: Told) => void>();
  let jwksAsked = 0;
  const played: Omit<PlayedAuth, 'address' | 'stop'> = {
    good: new Map(),
    asked: [],
    jwks: { jwksJson: '{"keys":[]}', issuer: 'http://127.0.0.1:8000' },
    jwksAsked: () => jwksAsked,
    watches: [],
    open: () => inboxes.size,
    tell: (message) => inboxes.forEach((inbox) => inbox(message)),
    isAlive: true,
  };
  async function* watch(request: WatchRequest, context: CallContext): AsyncGenerator<Told> {
    played.watches.push(request);
    const waiting: Told[] = [{ seq: request.sinceSeq ?? '0', liveGateways: 1 }];
    let wake = () => {};
    const inbox = (message: Told) => {
      waiting.push(message);
      wake();
    };
    inboxes.add(inbox);
    context.signal.addEventListener('abort', () => wake(), { once: true });
    const life = setInterval(() => played.isAlive && inbox({}), signOfLifeMs).unref();
    try {
      while (!context.signal.aborted) {
        yield* waiting.splice(0);
        if (waiting.length === 0 && !context.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      clearInterval(life);
      inboxes.delete(inbox);
    }
  }
  const absent = () => Promise.reject(new AppError('internal', { internal: 'not played' }));
  const handlers: ServiceHandlers<typeof AuthService, CallContext> = {
    verifyKey: async ({ key = '', clientIp = '' }) => {
      played.asked.push([key, clientIp]);
      const known = played.good.get(key);
      return known
        ? { ...known, scopes: [...known.scopes], limits: { ...known.limits }, ipAllow: [...known.ipAllow] }
        : {};
    },
    getJwks: async () => {
      jwksAsked += 1;
      return played.jwks;
    },
    watch,
    checkSubject: absent,
    resolveCredential: absent,
    listContacts: absent,
  };
  const verifier = createPrincipalVerifier({ keys, audience: 'auth', clock: Date.now });
  const server = createGrpcServer({
    contract: productContract(),
    services: { [AuthService.typeName]: handlers },
    newId,
    identify: (metadata, method) => verifier.verify(metadata.get(principalHeader), pathOf(method)),
  });
  const port = await server.listen(address);
  server.setServing(true);
  return Object.assign(played, { address: `127.0.0.1:${port}`, stop: () => server.stop(60_000) });
}
