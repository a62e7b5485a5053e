import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen } from './listen.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { withClient } from './with-client.ts';

const notes = { schema: 'notes', migrations: new URL('../test/fixtures/notes/', import.meta.url) };

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: [notes] });
}, 20_000);
afterAll(() => testDatabase.drop());

describe('a listener', () => {
  test('says when it listens, then hears what is committed on its channel', async () => {
    const calls = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let count = 0;
    const listener = listen({
      url: testDatabase.url,
      role: 'notes_ingest',
      channel: 'listen_test',
      onNotify: () => calls[count++]?.resolve(),
    });
    await calls[0].promise;
    await withClient(testDatabase.url, async (client) => {
      await client.query('NOTIFY another_channel');
      await client.query('NOTIFY listen_test');
    });
    await calls[1].promise;
    await listener.close();
    await withClient(testDatabase.url, (client) => client.query('NOTIFY listen_test'));
    expect(count).toBe(2);
  });

  test('can be closed while nobody is there to listen to', async () => {
    const url = 'postgresql://uapi:x@127.0.0.1:1/uapi';
    const listener = listen({ url, role: 'notes_ingest', channel: 'listen_test', onNotify: () => {} });
    await expect(listener.close()).resolves.toBeUndefined();
  });

  test('is refused a channel that would need quotes', () => {
    expect(() => listen({ url: '', role: 'notes_ingest', channel: 'a; DROP', onNotify: () => {} })).toThrow(
      'not the name',
    );
  });
});
