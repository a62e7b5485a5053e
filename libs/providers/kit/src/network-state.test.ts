import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startNameServer, type NameServer } from '../test/name-server.ts';
import { until } from '../test/until.ts';
import { createNetworkState, type NetworkState } from './network-state.ts';
import { createNameResolver, type NameResolver } from './resolve-name.ts';

let server: NameServer;
let resolver: NameResolver;
let network: NetworkState;

beforeEach(async () => {
  server = await startNameServer({ 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.2'] });
  resolver = createNameResolver({ servers: [server.address], hostsFile: '/nowhere', timeoutMs: 60 });
  network = createNetworkState({ resolver, probeEveryMs: 20 });
});
afterEach(async () => {
  network.close();
  await server.close();
});
const fail = (name: string) => resolver.resolve(name).catch(() => undefined);

describe('start-up look-up', () => {
  test('one name that answers means online', async () => {
    await network.watch(['a.example', 'none.example', 'b.example']);
    expect(network.state()).toBe('online');
  });

  test('a silent server means offline, even for a single name', async () => {
    server.isSilent = true;
    await network.watch(['a.example']);
    expect(network.state()).toBe('offline');
  });

  test('no name that exists means offline', async () => {
    await network.watch(['none.example', 'nil.example']);
    expect(network.state()).toBe('offline');
  });

  test('loopback and addresses are not looked up and say nothing', async () => {
    server.isSilent = true;
    await network.watch(['127.0.0.1', 'localhost', '[::1]']);
    expect(network.state()).toBe('online');
    expect(server.queries).toEqual([]);
  });
});

describe('while running', () => {
  test('the third failure in a row means offline', async () => {
    await network.watch(['a.example']);
    server.isSilent = true;
    await fail('x.example');
    await fail('y.example');
    expect(network.state()).toBe('online');
    await fail('z.example');
    expect(network.state()).toBe('offline');
  });

  test('a success in between starts the count anew', async () => {
    await network.watch(['a.example']);
    for (const isReachable of [false, false, true, false, false]) network.report(isReachable);
    expect(network.state()).toBe('online');
  });

  test('a name that does not exist was answered: it never counts', async () => {
    await network.watch(['a.example']);
    for (const name of ['x.example', 'y.example', 'z.example', 'w.example']) await fail(name);
    expect(network.state()).toBe('online');
  });

  test('a probe in the background finds the network again', async () => {
    server.isSilent = true;
    await network.watch(['a.example', 'b.example', 'c.example', 'd.example']);
    expect(network.state()).toBe('offline');
    server.isSilent = false;
    await until(() => network.state() === 'online');
    const asked = server.queries.length;
    await fail('a.example');
    // Online, nothing is probed: what was asked last was the probe itself.
    expect(server.queries.length - asked).toBeLessThanOrEqual(2);
  });

  test('with nothing to probe it never goes offline, since nothing could bring it back', () => {
    for (let count = 0; count < 5; count += 1) network.report(false);
    expect(network.state()).toBe('online');
  });

  test('closed, it probes no more', async () => {
    server.isSilent = true;
    await network.watch(['a.example']);
    network.close();
    const asked = server.queries.length;
    const other = createNetworkState({ resolver, probeEveryMs: 20 });
    await other.watch(['b.example']);
    // The other one has probed meanwhile, this one has not.
    await until(() => server.queries.filter((name) => name === 'b.example').length > 4);
    other.close();
    expect(server.queries.slice(asked).filter((name) => name === 'a.example')).toEqual([]);
  });
});
