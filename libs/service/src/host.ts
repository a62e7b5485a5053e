import type { Readiness } from './readiness.ts';
import type { Logger } from '@universal-api/logging';
import type { Metrics } from '@universal-api/telemetry';

/** What a process has once and hands to every app in it. */
export interface Host {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly version: string;
  /** Commit or image that runs; `unknown` where nobody says. */
  readonly build: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

/** A page of the operations port that an app brings. */
export interface OperationsRoute {
  /** Such as `/jobs`. */
  readonly path: string;
  /** What is answered, as JSON. */
  answer(): Promise<object>;
}

/** An app as it runs: what the process shows of it, and how it ends. */
export interface RunningApp {
  readonly name: string;
  readonly readiness: Readiness;
  /** Addresses it listens on, by what is served there, such as `grpc` or `http`. */
  readonly ports: Readonly<Record<string, number>>;
  /** What it shows on the operations port beside what every app does. */
  readonly operations: readonly OperationsRoute[];
  /** Says NOT_SERVING and not ready; goes on serving. */
  beginDrain(): void;
  /** Ends it: no new work, waits at most `drainMs` for work under way, then closes what it owns in reverse order. */
  stop(drainMs: number): Promise<void>;
}
