import { create, type DescMessage, type DescService, type Message, type ServiceClient } from '@universal-api/protos';
import type { CallOptionsOut, GrpcChannel } from './grpc-channel.ts';

/** A typed client of a service's unary methods over a channel; `contractService` is its generated descriptor. */
export function createServiceClient<S extends DescService>(
  channel: GrpcChannel,
  contractService: S,
): ServiceClient<S, CallOptionsOut> {
  const methods = contractService.methods.filter((method) => method.methodKind === 'unary');
  const calls = methods.map((method) => [
    method.localName,
    async (request: Record<string, unknown>, options: CallOptionsOut) => {
      const schema: DescMessage = method.input;
      const answer = await channel.unary(method, create(schema, request as unknown as Message), options);
      return answer.message;
    },
  ]);
  return Object.fromEntries(calls) as ServiceClient<S, CallOptionsOut>;
}
