import { ConfigError, loadConfig, unknownVariables, type Environment, type z } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import { createLogger, openLogStream, type LogLevel } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { hostname } from 'node:os';
import type { Host, OperationsRoute, RunningApp } from './host.ts';
import { shareLevels } from './log/share-levels.ts';
import { serveOperations, type OperationsServer } from './operations-server.ts';
import { readBuild } from './read-build.ts';
import { runUntilSignal } from './run-until-signal.ts';

/** Time between "not ready" and closing: period × (failure threshold + 1) + check interval of our probes, ms. */
const noticeMs = 3_000;

/** What every app's configuration has, whatever else is in it. */
export interface AppConfig {
  readonly BIND_ADDRESS: string;
  readonly OPS_PORT: number;
  readonly UAPI_BUILD?: string;
  readonly LOG_LEVEL: LogLevel;
  readonly LOG_DIR?: string;
  readonly LOG_KEEP: number;
  readonly DRAIN_S: number;
  readonly HARD_STOP_S: number;
}

/** One app as a process of its own. */
export interface AppProgram<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly version: string;
  readonly variables: z.ZodObject<Shape>;
  readonly environment: Environment;
  /** Variables that are read beside the schema's, such as `RL_*`. */
  readonly knownVariables?: readonly string[];
  compose(config: z.output<z.ZodObject<Shape>>, host: Host, environment: Environment): Promise<RunningApp>;
}

/** Runs one app until a signal and answers the exit code: 2 for a configuration that is not usable, 1 for a failed start. */
export async function runApp<Shape extends z.ZodRawShape>(program: AppProgram<Shape>): Promise<number> {
  let config: z.output<z.ZodObject<Shape>>;
  try {
    config = loadConfig(program.variables, program.environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  return runConfigured(program, config, config as unknown as AppConfig);
}

async function runConfigured<Shape extends z.ZodRawShape>(
  program: AppProgram<Shape>,
  config: z.output<z.ZodObject<Shape>>,
  common: AppConfig,
): Promise<number> {
  const { name, version } = program;
  const metrics = createMetrics({ version });
  const lost = metrics.counter('uapi_log_lines_lost_total', 'Log lines that standard output or LOG_DIR did not take.');
  const onLost = () => lost.inc();
  const stream = await openLogStream({ service: name, folder: common.LOG_DIR, keep: common.LOG_KEEP, onLost });
  const dropped = metrics.counter('uapi_log_fields_dropped_total', 'Log fields outside the allow-list.');
  const written = createLogger({
    service: name,
    instance: `${hostname()}-${process.pid}`,
    level: common.LOG_LEVEL,
    destination: stream.destination,
    onDropped: () => dropped.inc(),
  });
  const log = shareLevels(written, name);
  const host: Host = { log, metrics, version, build: readBuild(common.UAPI_BUILD), now: Date.now, newId };
  const known = [...Object.keys(program.variables.shape), ...(program.knownVariables ?? [])];
  const unknown = unknownVariables(program.environment, known);
  if (unknown.length > 0) log.warn('variables that nothing reads', { names: unknown });
  const apps = new Map<string, RunningApp['readiness']>();
  const routes: OperationsRoute[] = [];
  let operations: OperationsServer | undefined;
  try {
    operations = await serveOperations({
      host: common.BIND_ADDRESS,
      port: common.OPS_PORT,
      metrics,
      log,
      apps: () => apps,
      routes: () => routes,
    });
    const app = await program.compose(config, host, program.environment);
    apps.set(app.name, app.readiness);
    routes.push(...app.operations);
    for (const [part, port] of Object.entries(app.ports)) log.info('listening', { part, port });
    return await runUntilSignal(app, {
      log,
      noticeMs,
      drainMs: common.DRAIN_S * 1000,
      hardStopMs: common.HARD_STOP_S * 1000,
    });
  } catch (error) {
    // Variables that are right one by one and wrong together are found by whoever uses them.
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    log.error('the start failed', { err: error, reason: reasonOf(error) });
    return 1;
  } finally {
    await operations?.close();
    stream.flush();
  }
}

/** Why a start failed, as far as it may be told: our own words, or the system's about an address. */
function reasonOf(error: unknown): string | undefined {
  if (AppError.is(error)) return error.message;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  return code && port ? `${code}: ${address}:${port}` : code;
}
