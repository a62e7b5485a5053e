import { system, type SystemPart } from '@universal-api/standalone/system';
import { join } from 'node:path';
import { variablesOf } from './read-variables.ts';

/** One app as a process of its own. */
export interface DistributedApp {
  readonly name: string;
  /** Default port of its gRPC server; absent for the gateway, which serves HTTP. */
  readonly grpcPort?: number;
  /** Places behind `OPS_PORT`, the operations port of the gateway: 9150, and 9151 for the service at 50051. */
  readonly operationsOffset: number;
  /** Whether others have to serve before it starts. */
  readonly isLast: boolean;
  /** Names of variables that it reads. */
  readonly reads: readonly string[];
}

const firstGrpcPort = 50050;

/** Every app, in the order of the map of the system. */
export const distributedApps: readonly DistributedApp[] = system.map((part: SystemPart) => ({
  name: part.name,
  grpcPort: part.grpcPort,
  operationsOffset: part.grpcPort === undefined ? 0 : part.grpcPort - firstGrpcPort,
  isLast: part.waitsFor.length > 0,
  reads: variablesOf(part.name),
}));

/** `UAPI_<SERVICE>_ADDR`: where a service is, for whoever calls it. */
export function addressVariable(name: string): string {
  return `UAPI_${name.toUpperCase()}_ADDR`;
}

/** The program of an app, below the root of the repository. */
export function programOf(root: string, { name }: DistributedApp): string {
  return join(root, 'apps', name, 'src/main.ts');
}
