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
}

/** The map of the system: every app that exists today, in start order. `npm start` runs this list in one process. */
export const system = [
  { name: 'auth', purpose: 'tenants, API keys, who a caller is', grpcPort: 50055, schemas: ['auth'], waitsFor: [] },
  {
    name: 'search',
    purpose: 'category look-ups, routed over their providers',
    grpcPort: 50051,
    schemas: ['providers'],
    waitsFor: [],
  },
  {
    name: 'gateway',
    purpose: 'REST in, gRPC out; documents and pages',
    httpPort: 8000,
    schemas: [],
    waitsFor: ['auth', 'search'],
  },
] as const satisfies readonly SystemPart[];
