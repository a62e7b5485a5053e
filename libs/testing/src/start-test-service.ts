import { Secret } from '@universal-api/config';
import { createGrpcServer, type CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { createPrincipalVerifier, parseKeyRing, principalHeader, type KeyRing } from '@universal-api/principal';
import { pathOf, type AnyHandler, type Contract } from '@universal-api/protos';
import { randomBytes } from 'node:crypto';
import { createEchoService } from './echo-service.ts';
import { testContract } from './test-contract.ts';
import { createThingService, type TestProbe } from './thing-service.ts';

/** Handlers by the full name of their service. */
export type TestServices = Readonly<Record<string, Readonly<Record<string, AnyHandler<CallContext>>>>>;

/** How the test service runs. */
export interface TestServiceOptions {
  /** What minter and verifier share. */
  readonly keys: KeyRing;
  /** The test contract unless told. */
  readonly contract?: Contract;
  /** The test services unless told. */
  readonly services?: TestServices;
  readonly probe?: TestProbe;
}

/** A running test service. */
export interface TestService {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** A key ring of its own for each test. */
export function randomKeyRing(): KeyRing {
  return parseKeyRing('INTERNAL_AUTH_KEY', new Secret(`v1:${randomBytes(32).toString('base64')}`));
}

/** The handlers of the test contract. */
export function testServices(probe: TestProbe = {}): TestServices {
  return {
    'uapi.testing.v1.ThingService': createThingService(probe, Date.now),
    'uapi.testing.v1.EchoService': createEchoService(probe, Date.now),
  };
}

/** Serves the test contract over gRPC on a free port of loopback, verifying principals as every service does. */
export async function startTestService(options: TestServiceOptions): Promise<TestService> {
  const { contract = testContract(), services = testServices(options.probe) } = options;
  const verifier = createPrincipalVerifier({ keys: options.keys, audience: 'testing', clock: Date.now });
  const server = createGrpcServer({
    contract,
    services,
    newId,
    identify: (metadata, method) => verifier.verify(metadata.get(principalHeader), pathOf(method)),
  });
  const port = await server.listen('127.0.0.1:0');
  server.setServing(true);
  return { address: `127.0.0.1:${port}`, stop: () => server.stop(0) };
}
