// T03: three gateways, 200 calls a second, and what was revoked is refused by each within 5 s, whatever restarts meanwhile.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@universal-api/infra';
import { describeWithInfra } from '@universal-api/testing/brokers';
import { setTimeout } from 'node:timers/promises';
import { overload, type Call } from './outage/overload.ts';
import { startThreeGateways, type ThreeGateways } from './outage/start-three-gateways.ts';

const isShort = process.env['FAULTS'] === 'short';
const trials = isShort ? 10 : 50;
/** Of those, with a restart of Redis and of auth at that moment. */
const restarts = isShort ? 2 : 10;
const perSecond = isShort ? 60 : 200;
const boundMs = 5_000;
/** Longest look at a trial: by then every gateway must refuse. */
const lookMs = 8_000;
const path = '/api/v1/time/now?timezone=Asia/Tokyo';

let redis: RedisServer;
let gateways: ThreeGateways;

/** A call to one of the gateways; rejects unless it is answered by 2xx. */
async function send<Answer>(method: string, at: string, bearer: string, body?: object): Promise<Answer> {
  const response = await fetch(`${gateways.urls[0]}/api/v1${at}`, {
    method,
    headers: {
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}

/** Something that can be revoked. */
interface Credential {
  readonly bearer: string;
  revoke(): Promise<unknown>;
}

async function makeKey(): Promise<Credential> {
  const made = await send<{ id: string; key: string }>('POST', '/auth/keys', gateways.key, {
    name: 'T03',
    scopes: ['data:read'],
    owner: 'tenant',
  });
  return { bearer: made.key, revoke: () => send('POST', `/auth/keys/${made.id}/revoke`, gateways.key, {}) };
}

const account = { email: 'owner@t03.example', password: 'a long enough sentence for T03' };

async function logIn(): Promise<Credential> {
  const { access_token: bearer } = await send<{ access_token: string }>('POST', '/auth/login', '', account);
  return { bearer, revoke: () => send('POST', '/auth/logout', bearer, {}) };
}

/** Revokes under load and answers when the last call was let in after that, ms; 0 or less: none. */
async function lastAcceptAfter(credential: Credential, isDisturbed: boolean): Promise<number> {
  let asked = 0;
  const { calls, stop } = overload(perSecond, () => {
    asked += 1;
    return { url: `${gateways.urls[asked % gateways.urls.length]}${path}`, key: credential.bearer };
  });
  const restarting: Promise<unknown>[] = [];
  try {
    await untilServed(calls);
    if (isDisturbed) restarting.push(redis.kill().then(() => redis.restart()));
    await credential.revoke();
    const revokedMs = performance.now();
    if (isDisturbed) restarting.push(gateways.restartAuth());
    const refused = () => calls.filter(({ sentMs }) => sentMs > performance.now() - 500);
    while (performance.now() < revokedMs + lookMs) {
      await setTimeout(100);
      const late = refused();
      if (late.length > perSecond / 4 && late.every(({ status }) => status === 401)) break;
    }
    await Promise.all(restarting);
    await stop();
    // Answered in another order than they were sent.
    const after = calls.filter(({ sentMs }) => sentMs > revokedMs).sort((one, other) => one.sentMs - other.sentMs);
    expect(statusesOf(after).filter((status) => ![200, 401, 503].includes(status))).toEqual([]);
    // As many as the look above was sure of; those before may be from while it was still heard of.
    expect(statusesOf(after.slice(-perSecond / 4))).toEqual([401]);
    return Math.max(0, ...after.filter(({ status }) => status === 200).map(({ sentMs }) => sentMs - revokedMs));
  } finally {
    await Promise.allSettled(restarting);
    await stop();
  }
}

/** Waits until every gateway lets the credential in. */
async function untilServed(calls: readonly Call[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  const isServed = () => calls.length > 60 && calls.slice(-30).every(({ status }) => status === 200);
  while (!isServed()) {
    if (performance.now() > deadline)
      throw new Error(`before the revocation: ${statusesOf(calls.slice(-30)).join(' ')}`);
    await setTimeout(50);
  }
}

function statusesOf(calls: readonly Call[]): number[] {
  return [...new Set(calls.map(({ status }) => status))].sort();
}

describeWithInfra('T03 three gateways as processes', () => {
  beforeAll(async () => {
    redis = await startRedis();
    const wide = '100000000/60';
    gateways = await startThreeGateways({
      REDIS_URL: redis.url,
      // All calls come from one address, which may have as many connections as it needs.
      TRUSTED_PROXIES: '127.0.0.1',
      ...{ RL_KEY_MIN: wide, RL_USER_MIN: wide, RL_IP_MIN: wide, RL_TENANT_MIN: wide, RL_TENANT_HOUR: wide },
      ...{ RL_LOOKUP_MIN: wide, RL_LOOKUP_HOUR: wide, RL_QUICK_MIN: wide, RL_QUICK_HOUR: wide },
      ...{ RL_MANAGE_MIN: wide, RL_MANAGE_HOUR: wide },
    });
    await send('POST', '/auth/register', '', account);
  }, 120_000);
  afterAll(async () => {
    await gateways?.stop();
    await redis?.stop();
  }, 60_000);

  for (const [name, make] of Object.entries({ key: makeKey, 'access token of a session': logIn })) {
    test(
      `T03 a revoked ${name}: the last accept is within 5 s, in ${trials} trials, ${restarts} of them with restarts`,
      async () => {
        const lates: number[] = [];
        for (let trial = 0; trial < trials; trial += 1) {
          lates.push(await lastAcceptAfter(await make(), trial % (trials / restarts) === 0));
        }
        process.stdout.write(`T03 ${name}: last accept after the revocation, ms: ${lates.map(Math.round).join(' ')}\n`);
        expect(Math.max(...lates)).toBeLessThanOrEqual(boundMs);
        expect(gateways.ended()).toEqual([]);
      },
      trials * 30_000,
    );
  }
});
