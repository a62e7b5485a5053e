import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startNameServer, type NameServer } from '../test/name-server.ts';
import { createNameResolver, needsNoLookup } from './resolve-name.ts';

let server: NameServer;
let now = 0;
const resolver = (options: { hostsFile?: string; timeoutMs?: number } = {}) =>
  createNameResolver({ servers: [server.address], hostsFile: '/nowhere', now: () => now, ...options });

beforeEach(async () => {
  now = 1_000_000;
  server = await startNameServer({
    'both.example': ['192.0.2.1', '2001:db8:0:0:0:0:0:1'],
    'four.example': ['192.0.2.1', '192.0.2.2'],
    'six.example': ['2001:db8:0:0:0:0:0:1'],
  });
});
afterEach(() => server.close());

describe('what needs no name server', () => {
  test.each(['127.0.0.1', '8.8.8.8', '::1', '[::1]', 'localhost', 'LOCALHOST.', 'app.localhost'])(
    '%s is known without a query',
    async (name) => {
      expect(needsNoLookup(name)).toBe(true);
      expect((await resolver().resolve(name)).length).toBeGreaterThan(0);
      expect(server.queries).toEqual([]);
    },
  );

  test('a name of the hosts file is taken from there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
    const hostsFile = join(folder, 'hosts');
    await writeFile(hostsFile, '# comment\n192.0.2.9  other Four.Example # mine\n2001:db8::9 four.example\nrubbish\n');
    expect(await resolver({ hostsFile }).resolve('four.example')).toEqual(['192.0.2.9', '2001:db8::9']);
    expect(server.queries).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

describe('what is asked', () => {
  test('A and AAAA come together, IPv4 first', async () => {
    expect(await resolver().resolve('both.example')).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(await resolver().resolve('four.example')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await resolver().resolve('six.example')).toEqual(['2001:db8::1']);
  });

  test('callers of one name share one query, and the answer is kept for its TTL', async () => {
    const names = resolver();
    await Promise.all(Array.from({ length: 20 }, () => names.resolve('four.example')));
    expect(server.queries).toHaveLength(2);
    now += 59_000;
    expect(names.knows('four.example')).toBe(true);
    await names.resolve('FOUR.example.');
    expect(server.queries).toHaveLength(2);
    now += 2000;
    expect(names.knows('four.example')).toBe(false);
    await names.resolve('four.example');
    expect(server.queries).toHaveLength(4);
  });

  test('a name that does not exist is refused, and asked again only after 5 s', async () => {
    const names = resolver();
    await expect(names.resolve('none.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const asked = server.queries.length;
    await expect(names.resolve('none.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(server.queries).toHaveLength(asked);
    now += 5001;
    server.names.set('none.example', ['192.0.2.3']);
    expect(await names.resolve('none.example')).toEqual(['192.0.2.3']);
  });

  test('a fresh look-up passes the cache by', async () => {
    const names = resolver();
    await names.resolve('four.example');
    await names.resolve('four.example', { fresh: true });
    expect(server.queries).toHaveLength(4);
  });

  test('at most 1,000 names are kept', async () => {
    const names = resolver();
    await names.resolve('four.example');
    for (let index = 0; index < 1000; index += 1) {
      server.names.set(`n${index}.example`, ['192.0.2.1']);
      await names.resolve(`n${index}.example`);
    }
    expect(names.knows('four.example')).toBe(false);
    expect(names.knows('n999.example')).toBe(true);
  });
});

describe('a name server that never answers', () => {
  // One after the other, or two at a time, these would take longer than a test may.
  test('50 look-ups in parallel all end under their own timer of 700 ms', async () => {
    server.isSilent = true;
    const names = resolver();
    const failures = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => names.resolve(`silent${index}.example`)),
    );
    expect(failures.map((each) => each.status === 'rejected' && (each.reason as { code: string }).code)).toEqual(
      Array.from({ length: 50 }, () => 'ETIMEOUT'),
    );
  }, 2000);

  test('once known, the answer is there at once: no further query is sent', async () => {
    server.isSilent = true;
    const names = resolver({ timeoutMs: 50 });
    await expect(names.resolve('silent.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    const asked = server.queries.length;
    await Promise.allSettled(Array.from({ length: 50 }, () => names.resolve('silent.example')));
    expect(server.queries).toHaveLength(asked);
  });
});
