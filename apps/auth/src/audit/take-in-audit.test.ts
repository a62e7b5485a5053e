import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { createPageTokens, type Database } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { auditRecorded, createAppend, eventsMigrations, grantEventRights, productEvents } from '@universal-api/events';
import { createLogEventBus, type GroupReport } from '@universal-api/events/log';
import type { CallContext } from '@universal-api/grpc';
import { newId, systemTenantId } from '@universal-api/ids';
import { create } from '@universal-api/protos';
import { VerifyAuditRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import { addTenant } from '../../test/auth-fixture.ts';
import { authMigrations } from '../store/auth-migrations.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { auditService } from './audit-service.ts';
import { takeInAudit } from './take-in-audit.ts';

let server: TestDatabase;
/** Tells as another service does; the rights are the same. */
let producer: Database<AuthTables>;
let ingest: Database<AuthTables>;
const append = createAppend({ catalogue: productEvents, service: 'webhook' });

beforeAll(async () => {
  server = await createTestDatabase({ schemas: [eventsMigrations, authMigrations] });
  await grantEventRights(server.url, { producers: ['auth'], consumers: ['auth'] });
  producer = server.database<AuthTables>('auth_app');
  ingest = server.database<AuthTables>('auth_ingest');
}, 60_000);
afterAll(() => server.drop());

const tell = (tenantId: string, object: string, change: { actorKind?: string; action?: string } = {}) =>
  producer.transaction(tenantId, (tx) =>
    append(tx, auditRecorded, {
      tenantId,
      correlationId: 'request-1',
      data: {
        actor: newId(),
        actorKind: 'user',
        action: 'webhook.endpoint.created',
        object,
        outcome: 'ok',
        ipPrefix: '198.51.100.0/24',
        diff: { name: 'orders' },
        ...change,
      },
    }),
  );
const rowsOf = (tenantId: string) =>
  producer.transaction(tenantId, (tx) => tx.selectFrom('audit').selectAll().orderBy('seq').execute());

/** Runs the group until it has read all there is. */
async function run(): Promise<GroupReport[]> {
  const reports: GroupReport[] = [];
  let done = () => {};
  const isDone = new Promise<void>((resolve) => (done = resolve));
  const bus = createLogEventBus({
    database: ingest,
    owner: 'test',
    waitFactor: 0.01,
    report(told) {
      reports.push(told);
      if (told.kind === 'poll' && told.read === 0) done();
    },
  });
  const group = bus.subscribe(takeInAudit());
  await isDone;
  await group.stop();
  return reports;
}

test('what other services did is on the chains of their tenants, once, with its time, request and network', async () => {
  const [a, b] = [await addTenant(producer), await addTenant(producer)];
  for (const object of ['1', '2', '3']) for (const tenantId of [a, b, systemTenantId]) await tell(tenantId, object);
  await run();
  await tell(a, '4');
  await run();
  await run();
  expect((await rowsOf(a)).map(({ object }) => object)).toEqual(['1', '2', '3', '4']);
  expect((await rowsOf(systemTenantId)).map(({ object }) => object)).toEqual(['1', '2', '3']);
  const [row] = await rowsOf(b);
  expect(row).toMatchObject({
    action: 'webhook.endpoint.created',
    request_id: 'request-1',
    ip_prefix: '198.51.100.0/24',
    diff: { name: 'orders' },
  });
  const pages = createPageTokens({ service: 'auth', keys: [{ key: createSecretKey(randomBytes(32)) }] });
  for (const tid of [a, b, systemTenantId]) {
    const context = { principal: { tid }, signal: new AbortController().signal } as unknown as CallContext;
    const answer = await auditService({ database: producer, pages }).verifyAudit(
      create(VerifyAuditRequestSchema),
      context,
    );
    expect(answer.ok).toBe(true);
  }
});

test('an event that makes no sense is set aside, and those around it are on the chain', async () => {
  const tenantId = await addTenant(producer);
  await tell(tenantId, 'before');
  await tell(tenantId, 'bad', { actorKind: 'ghost' });
  await tell(tenantId, 'worse', { action: 'No Action' });
  await tell(tenantId, 'after');
  const reports = await run();
  expect(reports.flatMap((told) => (told.kind === 'dead_letter' ? told.reason : []))).toEqual([
    'schema_invalid',
    'handler_error',
  ]);
  expect((await rowsOf(tenantId)).map(({ object }) => object)).toEqual(['before', 'after']);
});
