import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { system } from '../../src/system.ts';
import { findFreePorts } from './free-ports.ts';

/** An app, its program, and where it listens. */
export interface PlacedApp {
  readonly name: string;
  readonly main: string;
  /** gRPC, or HTTP for the gateway. */
  readonly port: number;
  readonly operationsUrl: string;
  /** What it and the others have to know of that. */
  readonly own: Readonly<Record<string, string>>;
  readonly address: Readonly<Record<string, string>>;
}

/** Every app of the system that can run, in start order, each on free ports of loopback. */
export async function placeApps(): Promise<PlacedApp[]> {
  const mainOf = (name: string) => fileURLToPath(new URL(`../../../${name}/src/main.ts`, import.meta.url));
  const apps = system.filter(({ name }) => existsSync(mainOf(name)));
  const ports = await findFreePorts(2 * apps.length);
  return apps.map((app, index) => {
    const [port = 0, operations = 0] = ports.slice(2 * index);
    const isService = 'grpcPort' in app;
    return {
      name: app.name,
      main: mainOf(app.name),
      port,
      operationsUrl: `http://127.0.0.1:${operations}`,
      own: {
        BIND_ADDRESS: '127.0.0.1',
        [isService ? 'GRPC_PORT' : 'PORT']: String(port),
        OPS_PORT: String(operations),
      },
      address: isService ? { [`UAPI_${app.name.toUpperCase()}_ADDR`]: `127.0.0.1:${port}` } : {},
    };
  });
}
