/** T06 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { createGrpcChannel, createGrpcServer, createServiceClient, type GrpcServer } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { productContract } from '@universal-api/protos';
import { SessionService } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { createAuthDatabase } from './auth-fixture.ts';
import { addPerson, callOf, createTestSessions, proofsOf, type TestPerson } from './session-fixture.ts';
import type { AuthTables } from '../src/store/auth-tables.ts';

const turns = process.env['FAULTS'] === 'short' ? 20 : 200;
let server: TestDatabase;
let database: Database<AuthTables>;
let person: TestPerson;
let grpc: GrpcServer;
let cable: Server;
const wires = new Set<Socket>();
/** Whether the next answer is lost: what was done is committed, and the line breaks before it is told. */
let isCut = false;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  person = await addPerson(database);
  const { service } = createTestSessions(database, proofsOf([person]));
  grpc = createGrpcServer({
    contract: productContract(),
    services: {
      [SessionService.typeName]: {
        ...service,
        refresh: async (...call: Parameters<typeof service.refresh>) => {
          const answer = await service.refresh(...call);
          if (isCut) for (const wire of wires) wire.destroy();
          return answer;
        },
      },
    },
    identify: () => callOf().principal,
    newId,
  });
  const port = await grpc.listen('127.0.0.1:0');
  cable = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      wires.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        wires.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => cable.listen(0, '127.0.0.1', resolve));
}, 60_000);
afterAll(async () => {
  cable.close();
  for (const wire of wires) wire.destroy();
  await grpc.stop(0);
  await server.drop();
});

describe('an answer that never arrives', () => {
  test('T06 the line breaks after the commit, 200 times: each retry succeeds, nobody is logged out', async () => {
    const { port } = cable.address() as AddressInfo;
    const channel = createGrpcChannel(productContract(), `127.0.0.1:${port}`);
    const client = createServiceClient(channel, SessionService);
    const options = () => ({ deadlineAt: Date.now() + 5_000, metadata: {} });
    let { refreshToken } = await client.login({ email: person.email, password: person.password }, options());
    for (let turn = 0; turn < turns; turn += 1) {
      isCut = true;
      await expect(client.refresh({ refreshToken }, options())).rejects.toMatchObject({ code: 'service_unavailable' });
      isCut = false;
      const again = await client.refresh({ refreshToken }, options());
      expect(again.refreshToken).toMatch(/^uapi_rt_/);
      refreshToken = again.refreshToken;
    }
    const rows = await database.asUser(person.userId, (tx) =>
      tx.selectFrom('refresh_tokens').select('used_at').execute(),
    );
    expect(rows).toHaveLength(turns + 1);
    channel.close();
  }, 120_000);
});
