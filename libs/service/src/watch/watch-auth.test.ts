import { afterEach, describe, expect, test } from '@jest/globals';
import { newId } from '@universal-api/ids';
import { silentLogger, type Logger, type LogLevel } from '@universal-api/logging';
import { timestampFromMs } from '@universal-api/protos';
import { createMetrics } from '@universal-api/telemetry';
import { randomKeyRing } from '@universal-api/testing';
import { openCallers } from '../callers/open-callers.ts';
import { createOwnedParts } from '../owned-parts.ts';
import { playAuth, type PlayedAuth } from '../test/play-auth.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const keys = randomKeyRing();
const token = { sid: 'session', sub: 'user', tid: 'tenant', iat: 100 };

async function start(address?: string): Promise<PlayedAuth> {
  const auth = await playAuth(keys, address);
  ends.push(() => auth.stop());
  return auth;
}

/** Watches as an app does; `level` is the level of its log. */
function watch(auth: PlayedAuth, app = 'search') {
  const levels: LogLevel[] = ['info'];
  const level = () => levels.at(-1) ?? 'info';
  const log: Logger = { ...silentLogger, level, setLevel: (next) => void levels.push(next), part: () => log };
  const owned = createOwnedParts(silentLogger);
  const host = { log, metrics: createMetrics({ version: 't' }), version: 't', build: 't', now: Date.now, newId };
  const callers = openCallers({ app, auth: auth.address, internalKeys: keys, host, owned });
  ends.push(() => owned.closeAll());
  return { watch: callers.watch, level };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a watch', () => {
  test('begins with all that ended lately, says who it is, and hears what ends', async () => {
    const auth = await start();
    const { watch: heard } = watch(auth);
    expect(heard.isFresh()).toBe(false);
    await until(heard.isFresh);
    expect(auth.watches).toMatchObject([{ app: 'search', sinceSeq: '0', instance: expect.stringMatching(/:\d+$/) }]);
    auth.tell({ seq: '7', revocations: [{ kind: 'session', id: 'session', at: timestampFromMs(5) }] });
    await until(() => heard.revocations.isTokenRevoked(token));
  });

  test('goes on where it was when the service comes back, and knows meanwhile what it knew', async () => {
    const auth = await start();
    const { watch: heard } = watch(auth);
    await until(() => auth.open() === 1);
    auth.tell({ seq: '41', liveGateways: 3 });
    await until(() => heard.liveGateways() === 3);
    await auth.stop();
    expect(heard.liveGateways()).toBe(3);
    const again = await start(auth.address);
    await until(() => again.open() === 1);
    expect(again.watches[0]?.sinceSeq).toBe('41');
    again.tell({ seq: '42', revocations: [{ kind: 'user', id: 'user', at: timestampFromMs(200_000) }] });
    await until(() => heard.revocations.isTokenRevoked(token));
  });

  test('ends a stream that is silent, is not fresh by then, and begins another', async () => {
    const auth = await start();
    const { watch: heard } = watch(auth);
    await until(heard.isFresh);
    auth.isAlive = false;
    await until(() => !heard.isFresh());
    await until(() => auth.watches.length > 1 && heard.isFresh());
  }, 15_000);

  test('counts one gateway until it is told', async () => {
    const auth = await start();
    const { watch: heard } = watch(auth, 'gateway');
    expect(heard.liveGateways()).toBe(1);
    await until(() => auth.open() === 1);
    auth.tell({ liveGateways: 2 });
    await until(() => heard.liveGateways() === 2);
    auth.tell({ liveGateways: 0 });
    auth.tell({ seq: '9', resync: true });
    await until(() => heard.revocations.version() > 0);
    expect(heard.liveGateways()).toBe(2);
  });

  test('applies the level of its app while it holds, and resets it', async () => {
    const auth = await start();
    const { watch: heard, level } = watch(auth);
    await until(heard.isFresh);
    const until10 = timestampFromMs(Date.now() + 600_000);
    auth.tell({ logLevels: [{ service: 'search', level: 'debug', until: until10 }] });
    await until(() => level() === 'debug');
    auth.tell({ logLevels: [] });
    await until(() => level() === 'info');
  });

  test('lets the server stop at once, and ends at once itself', async () => {
    const auth = await start();
    const { watch: heard } = watch(auth);
    await until(heard.isFresh);
    // It would wait for a minute for calls under way.
    await auth.stop();
    await heard.close();
    expect(auth.open()).toBe(0);
  });
});
