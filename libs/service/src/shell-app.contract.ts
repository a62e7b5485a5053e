import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret } from '@universal-api/config';
import { withClient, type MigrationSet } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { eventsMigrations, grantEventRights } from '@universal-api/events';
import { createGrpcChannel, createServiceClient, requestNames, watchHealth } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createPrincipalMinter, parseKeyRing, type KeyRing, type PrincipalClaims } from '@universal-api/principal';
import { pathOf, productContract } from '@universal-api/protos';
import { ProbeService } from '@universal-api/protos/gen/uapi/health/v1/health_pb';
import { createMetrics } from '@universal-api/telemetry';
import { randomBytes } from 'node:crypto';
import type { Host, RunningApp } from './host.ts';
import type { ServiceSettings } from './open-service-parts.ts';

/** An app that runs and has no operations yet. */
export interface ShellApp {
  readonly name: string;
  readonly migrations: MigrationSet;
  /** Schemas that it uses beside its own and that of the events; none unless told. */
  readonly otherSchemas?: readonly MigrationSet[];
  /** What migrating does beside those; nothing unless told. */
  readonly migrateMore?: (url: string) => Promise<void>;
  compose(settings: ServiceSettings, host: Host): Promise<RunningApp>;
  /** Parts of its deep health beside `postgres`, `event_log` and `disk`. */
  readonly otherParts?: readonly string[];
}

/** What any gRPC client can ask of it: is it well, and what does it serve. */
export function shellAppContract(shell: ShellApp): void {
  const { name } = shell;
  let home: TestDatabase;
  let running: RunningApp;
  const keys = parseKeyRing('INTERNAL_AUTH_KEY', new Secret(`v1:${randomBytes(32).toString('base64')}`));
  const settingsFor = (databaseUrl: string): ServiceSettings => ({
    grpcAddress: '127.0.0.1:0',
    databaseUrl,
    poolSize: 2,
    internalKeys: keys,
    keepsLog: true,
    diskFolder: import.meta.dirname,
  });
  const address = () => `127.0.0.1:${running.ports['grpc']}`;

  beforeAll(async () => {
    home = await createTestDatabase({ schemas: [eventsMigrations, shell.migrations, ...(shell.otherSchemas ?? [])] });
    await grantEventRights(home.url, { consumers: [name] });
    await shell.migrateMore?.(home.url);
    running = await shell.compose(settingsFor(home.url), testHost());
  }, 60_000);
  afterAll(async () => {
    await running.stop(1_000);
    await home.drop();
  });

  describe(`${name}, which has no operations yet`, () => {
    test('is ready by its own parts, and says so by grpc.health.v1', async () => {
      expect(await running.readiness.report()).toMatchObject({
        isReady: true,
        parts: { postgres: { status: 'ready' } },
      });
      await untilServing(address());
    });

    test('owns a schema that its application role writes and nobody else', async () => {
      const tables = await withClient(home.adminUrl, async (client) => {
        const { rows } = await client.query<{ owner: string }>(
          'SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = $1',
          [name],
        );
        return rows;
      });
      expect(tables).toEqual([{ owner: `${name}_owner` }]);
    });

    test('tells the gateway what it stands on, and nobody without the scope for it', async () => {
      const ask = probe(address(), name, keys);
      const { parts } = await ask(['internal']);
      const expected = ['postgres', 'event_log', 'disk', ...(shell.otherParts ?? [])];
      expect(Object.keys(parts).toSorted()).toEqual(expected.toSorted());
      expect(new Set(Object.values(parts).map(({ status }) => status))).toEqual(new Set(['healthy']));
      await expect(ask(['data:read'])).rejects.toMatchObject({ code: 'permission_denied' });
    });

    test('refuses a database that nobody migrated', async () => {
      const empty = await createTestDatabase({ schemas: [] });
      await expect(shell.compose(settingsFor(empty.url), testHost())).rejects.toThrow('run the migrations first');
      await empty.drop();
    });
  });
}

function testHost(): Host {
  const metrics = createMetrics({ version: 'test' });
  return { log: silentLogger, metrics, version: 'test', build: 'test', now: Date.now, newId };
}

function untilServing(address: string): Promise<void> {
  return new Promise((resolve) => {
    const end = watchHealth(address, (state) => {
      if (state !== 'serving') return;
      // The watch tells while it is being set up, too.
      setImmediate(() => end());
      resolve();
    });
  });
}

function probe(address: string, audience: string, keys: KeyRing) {
  const method = pathOf(ProbeService.method.probe);
  const principals = createPrincipalMinter({ keys, issuer: 'gateway', clock: Date.now });
  return async (scopes: readonly string[]) => {
    const channel = createGrpcChannel(productContract(), address);
    const claims: PrincipalClaims = {
      tid: 't',
      sub: 'gateway',
      typ: 'system',
      scp: scopes,
      plan: 'unlimited',
      mode: 'live',
      pri: 'critical',
      rid: 'r',
      cid: 'c',
    };
    const metadata = { [requestNames.principal]: principals.mint({ audience, method, claims }) };
    try {
      return await createServiceClient(channel, ProbeService).probe({}, { deadlineAt: Date.now() + 5_000, metadata });
    } finally {
      channel.close();
    }
  };
}
