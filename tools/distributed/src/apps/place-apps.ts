import type { WantedPort } from '@universal-api/standalone/host';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { StarterConfig } from '../config.ts';
import { addressVariable, type DistributedApp } from './app-list.ts';

/** An app and where it listens. */
export interface PlacedApp extends DistributedApp {
  /** Of its gRPC server, or of the gateway's HTTP server, and of its operations. */
  readonly host: string;
  /** gRPC, or HTTP for the gateway. */
  readonly port: number;
  readonly operationsPort: number;
}

/** Gives each app its host and ports; a port 0 becomes a free one. */
export async function placeApps(apps: readonly DistributedApp[], config: StarterConfig): Promise<PlacedApp[]> {
  const free = await findFreePorts(2 * apps.length);
  const orFree = (port: number) => (port === 0 ? (free.pop() ?? 0) : port);
  return apps.map((app) => {
    const [host, port] = app.grpcPort === undefined ? [config.BIND_ADDRESS, config.PORT] : split(config, app.name);
    const operations = config.OPS_PORT === 0 ? 0 : config.OPS_PORT + app.operationsOffset;
    return { ...app, host, port: orFree(port), operationsPort: orFree(operations) };
  });
}

/** Every port that has to be free, and the variable that moves it. */
export function portsOf(apps: readonly PlacedApp[]): WantedPort[] {
  return apps.flatMap(({ name, grpcPort, host, port, operationsPort }) => [
    { host, port, variable: grpcPort === undefined ? 'PORT' : addressVariable(name) },
    { host, port: operationsPort, variable: 'OPS_PORT' },
  ]);
}

function split(config: StarterConfig, name: string): [string, number] {
  const address = config.addresses[name] ?? '';
  const at = address.lastIndexOf(':');
  return [address.slice(0, at), Number(address.slice(at + 1))];
}

/** All held at the same time, so that no two are the same. */
async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
