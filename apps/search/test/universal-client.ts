import { createGrpcChannel, createGrpcServer, createServiceClient } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import type { Principal } from '@universal-api/principal';
import { productContract, type ServiceClient } from '@universal-api/protos';
import { SearchService } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import { principal, startSearch, type SearchHarness } from './search-harness.ts';

type Search = ServiceClient<typeof SearchService, { deadlineAt: number; metadata: Record<string, string> }>;

/** Universal search over gRPC, as the gateway calls it. */
export interface UniversalClient {
  readonly harness: SearchHarness;
  readonly search: Search;
  readonly caller: Principal;
  quick(q: string, more?: Parameters<Search['quick']>[0]): ReturnType<Search['quick']>;
  universal(query: string, more?: Parameters<Search['universal']>[0]): ReturnType<Search['universal']>;
  stop(): Promise<void>;
}

/** What every call has with it. */
export const options = () => ({ deadlineAt: Date.now() + 10_000, metadata: {} });

/** Starts the service over real providers, and a client of it. */
export async function startUniversal(
  environment: Record<string, string>,
  egress: 'all' | 'none',
): Promise<UniversalClient> {
  const caller = principal();
  const harness = startSearch(environment, egress);
  const contract = productContract();
  const server = createGrpcServer({ contract, services: harness.services, identify: () => caller, newId });
  const channel = createGrpcChannel(contract, `127.0.0.1:${await server.listen('127.0.0.1:0')}`);
  const search = createServiceClient(channel, SearchService);
  return {
    harness,
    search,
    caller,
    quick: (q, more = {}) => search.quick({ q, ...more }, options()),
    universal: (query, more = {}) => search.universal({ query, ...more }, options()),
    async stop() {
      channel.close();
      await server.stop(0);
      await harness.close();
    },
  };
}
