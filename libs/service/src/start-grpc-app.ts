import { probeService, type ListDependencies } from './deep/serve-probe.ts';
import type { Host, OperationsRoute, RunningApp } from './host.ts';
import type { OwnedParts } from './owned-parts.ts';
import type { Readiness } from './readiness.ts';
import { serveGrpc, type GrpcService } from './serve-grpc.ts';

/** How often `grpc.health.v1` looks at the readiness it repeats, ms. */
const healthEveryMs = 2_000;

/** A service that is ready to listen: what it serves, where, and what it opened for that. */
export interface GrpcApp extends GrpcService {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly readiness: Readiness;
  readonly owned: OwnedParts;
  /** What it stands on, for `/api/health/deep`. */
  readonly dependencies: ListDependencies;
  /** What it shows on the operations port beside what every app does. */
  readonly operations?: readonly OperationsRoute[];
}

/** Listens, says that it runs, and keeps `grpc.health.v1` equal to its readiness until it is stopped. */
export async function startGrpcApp(app: GrpcApp, host: Host): Promise<RunningApp> {
  const handlers = { ...app.handlers, ...probeService(app.dependencies, host.now) };
  const server = serveGrpc({ ...app, handlers }, host);
  const port = await server.listen(app.address);
  app.readiness.setState('running');
  const endWatch = app.readiness.watch(healthEveryMs, (isReady) => server.setServing(isReady));
  return {
    name: app.name,
    readiness: app.readiness,
    ports: { grpc: port },
    operations: app.operations ?? [],
    beginDrain: () => app.readiness.setState('draining'),
    async stop(drainMs) {
      app.readiness.setState('draining');
      endWatch();
      server.setServing(false);
      await server.stop(drainMs);
      await app.owned.closeAll();
    },
  };
}
