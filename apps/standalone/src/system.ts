/** One app of the system, as plain data. */
export interface SystemPart {
  readonly name: string;
  readonly purpose: string;
  /** Default gRPC port; none for an app that serves HTTP only. */
  readonly grpcPort?: number;
  /** Default public HTTP port. */
  readonly httpPort?: number;
  /** Schemas of PostgreSQL that it owns. */
  readonly schemas: readonly string[];
  /** Apps that have to run before it starts. */
  readonly waitsFor: readonly string[];
  /** An app that runs and has no operations yet: `npm start`, which would have nothing to do for it, leaves it out. */
  readonly isShell?: true;
}

/** The map of the system: every app that exists today, in start order. `npm start` runs this list in one process, without the shells. */
export const system = [
  { name: 'auth', purpose: 'tenants, API keys, who a caller is', grpcPort: 50055, schemas: ['auth'], waitsFor: [] },
  {
    name: 'search',
    purpose: 'category look-ups, routed over their providers',
    grpcPort: 50051,
    schemas: ['search', 'providers'],
    waitsFor: [],
  },
  {
    name: 'video',
    purpose: 'talking videos, speech, translation; no operations yet',
    grpcPort: 50052,
    schemas: ['video'],
    waitsFor: [],
    isShell: true,
  },
  {
    name: 'assistant',
    purpose: 'chat, memory, routines; no operations yet',
    grpcPort: 50053,
    schemas: ['assistant'],
    waitsFor: [],
    isShell: true,
  },
  {
    name: 'analytics',
    purpose: 'usage, cost, alerts; no operations yet',
    grpcPort: 50054,
    schemas: ['analytics'],
    waitsFor: [],
    isShell: true,
  },
  {
    name: 'webhook',
    purpose: 'signed deliveries of events; no operations yet',
    grpcPort: 50056,
    schemas: ['webhook'],
    waitsFor: [],
    isShell: true,
  },
  {
    name: 'gateway',
    purpose: 'REST in, gRPC out; documents and pages',
    httpPort: 8000,
    schemas: [],
    waitsFor: ['auth', 'search'],
  },
] as const satisfies readonly SystemPart[];
