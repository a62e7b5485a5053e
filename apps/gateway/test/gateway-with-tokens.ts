import {
  createKnownTokens,
  createRemoteVerifier,
  createRevocations,
  tokenTimes,
  type Revocations,
  type TokenTimes,
} from '@universal-api/service';
import { createTokenSigner, testClaims, type TokenSigner } from '@universal-api/service/play-auth';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './start-test-gateway.ts';

/** Who signs tokens at a gateway under test. */
export const issuer = 'https://api.example';

/** A gateway that verifies access tokens, and the keys that it finds. */
export interface TokenGateway extends TestGateway {
  readonly revocations: Revocations;
  /** Keys in the set that the gateway fetches. */
  readonly published: TokenSigner[];
  /** Fetches of that set. */
  fetches(): number;
  readonly heard: { isFresh: boolean };
  /** A token of the first published key; `claims` and `header` take the place of single fields. */
  token(claims?: object, header?: object): string;
  ask(token: string, path?: string): Promise<Response>;
}

/** Starts it, with one key. `times` are those of the product unless told. */
export async function startTokenGateway(
  options: TestGatewayOptions = {},
  times: TokenTimes = tokenTimes,
): Promise<TokenGateway> {
  const published = [createTokenSigner('first')];
  const revocations = createRevocations(Date.now);
  const heard = { isFresh: true };
  let fetches = 0;
  const fetchJwks = async () => {
    fetches += 1;
    return { issuer, jwksJson: JSON.stringify({ keys: published.map(({ jwk }) => jwk) }) };
  };
  const tokens = createKnownTokens({
    verifier: createRemoteVerifier(fetchJwks, Date.now, times),
    watch: { revocations, isFresh: () => heard.isFresh, untilHeard: async () => {} },
    clock: Date.now,
    maxTokens: 10_000,
  });
  const gateway = await startTestGateway({ ...options, tokens });
  return {
    ...gateway,
    revocations,
    published,
    fetches: () => fetches,
    heard,
    token(claims = {}, header = {}) {
      const [signer] = published;
      if (!signer) throw new Error('no key');
      return signer.sign({ ...testClaims(issuer, Math.floor(Date.now() / 1_000)), ...claims }, header);
    },
    ask: (token, path = '/api/v1/testing/context') =>
      gateway.fetch(path, { headers: { authorization: `Bearer ${token}` } }),
  };
}
