import { makeApiKey, readCredential } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import { judge } from './judge.ts';
import { startProcess, type MeasuredProcess } from './measured-process.ts';
import type { PacedOrder } from './paced-load.ts';
import { quantile, sendLoad } from './send-load.ts';
import type { PacedResult } from './send-paced.ts';

const path = '/api/v1/time/now?timezone=Europe/Paris';
const password = randomBytes(18).toString('base64url');
const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
const unknownKey = () => makeApiKey('live', randomBytes).text;
const malformedKey = () => `${unknownKey().slice(0, -1)}!`;

/** What it costs to know who calls, and what strangers can do to those who are known (platform.md 1.4, 1.5; T07, T09, T11). */
export async function compareAuth(product: MeasuredProcess): Promise<boolean> {
  const url = String(product.ready['url']);
  const key = String(product.ready['key']);
  const person = await enter(url);
  const verdicts = [
    await compareCredentials(product, { key, token: person.token }),
    await measureFlood(url, key),
    await measureLogins(url, key),
    await compareRefusals(url),
  ];
  return verdicts.every(Boolean);
}

async function post(url: string, json: unknown, from: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': from };
  const init = { method: 'POST', headers, body: JSON.stringify(json) };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

let people = 0;
async function enter(url: string): Promise<{ readonly email: string; readonly token: string }> {
  const email = `bench-${randomBytes(6).toString('hex')}@example.com`;
  const from = `198.17.0.${++people}`;
  await post(`${url}/api/v1/auth/register`, { email, password }, from);
  const { access_token: token } = await post(`${url}/api/v1/auth/login`, { email, password }, from);
  return { email, token: String(token) };
}

const rounds = 10;
let addresses = 0;
const perRound = 500;

/** CPU time of one call without a credential, with a key, with a token, and of one whose key is malformed. */
async function compareCredentials(
  product: MeasuredProcess,
  { key, token }: { readonly key: string; readonly token: string },
): Promise<boolean> {
  const url = String(product.ready['url']);
  const ways: Record<string, Record<string, string>> = {
    nobody: {},
    'with a key': bearer(key),
    'with a token': bearer(token),
    'malformed key': bearer(malformedKey()),
  };
  const spent: Record<string, number[]> = {};
  for (let round = -2; round < rounds; round++) {
    for (const [name, headers] of Object.entries(ways)) {
      const before = product.cpuMs();
      // An address has few calls a minute without a credential.
      const fromOf = () => `198.16.${(++addresses >> 8) & 255}.${addresses & 255}`;
      const { statuses } = await sendLoad({
        url,
        pathOf: () => path,
        count: perRound,
        concurrency: 8,
        headers,
        fromOf,
      });
      const wanted = name === 'malformed key' ? 401 : 200;
      if (statuses[wanted] !== perRound) throw new Error(`${name}: ${JSON.stringify(statuses)}`);
      if (round >= 0) (spent[name] ??= []).push((product.cpuMs() - before) / perRound);
    }
  }
  const of = (name: string) => quantile(spent[name] ?? [], 0.5);
  console.log(`\nCPU-ms of a call by its credential (median of ${rounds} rounds of ${perRound})`);
  for (const name of Object.keys(ways)) console.log(`  ${name.padEnd(16)} ${of(name).toFixed(3)}`);
  console.log(
    `  a key adds ${(of('with a key') - of('nobody')).toFixed(3)}, a token ${(of('with a token') - of('nobody')).toFixed(3)}`,
  );
  return judge('refusing a malformed key, CPU-ms', refusalCpuMs(), 0.08);
}

/** CPU time of looking at a malformed key and saying no, without the HTTP around it. */
function refusalCpuMs(): number {
  const keys = Array.from({ length: 1_000 }, malformedKey);
  const look = () => {
    for (const text of keys) readCredential({ authorization: `Bearer ${text}`, url: path });
  };
  for (let warm = 0; warm < 20; warm++) look();
  const before = process.cpuUsage();
  for (let round = 0; round < 50; round++) look();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (50 * keys.length);
}

const runs = 5;

/** A sender that takes orders, one at a time. */
type Sender = (order: PacedOrder) => Promise<PacedResult>;

async function withSenders<Result>(work: (one: Sender, other: Sender) => Promise<Result>): Promise<Result> {
  const children = await Promise.all([startProcess('./paced-load.ts'), startProcess('./paced-load.ts')]);
  const [one, other] = children.map(
    ({ ask }): Sender =>
      (order) =>
        ask(order) as Promise<PacedResult>,
  );
  if (!one || !other) throw new Error('no senders');
  try {
    return await work(one, other);
  } finally {
    for (const child of children) await child.stop();
  }
}

const p99 = ({ latenciesMs }: PacedResult) => quantile(latenciesMs, 0.99);

/** The p99 of a known key, with and without ten times as many unknown ones beside it. */
function measureFlood(url: string, key: string): Promise<boolean> {
  return withSenders(async (one, other) => {
    const known = () => one({ url, path, perSecond: 50, seconds: 6, kind: { known: key } });
    const flood = () => other({ url, path, perSecond: 500, seconds: 6, kind: 'unknown' });
    const calm: number[] = [];
    const flooded: number[] = [];
    for (let run = -1; run < runs; run++) {
      const alone = await known();
      const [beside] = await Promise.all([known(), flood()]);
      if (run < 0) continue;
      calm.push(p99(alone));
      flooded.push(p99(beside));
    }
    const [base, under] = [quantile(calm, 0.5), quantile(flooded, 0.5)];
    console.log(`\np99 of a known key at 50/s (median of ${runs} interleaved runs of 6 s)`);
    console.log(`  alone ${base.toFixed(2)} ms, beside 500/s of unknown keys ${under.toFixed(2)} ms`);
    return judge('p99 under a flood ÷ alone', under / base, 1.1);
  });
}

/** Logins as fast as they are taken, and the p99 of keys meanwhile. */
function measureLogins(url: string, key: string): Promise<boolean> {
  return withSenders(async (one, other) => {
    const seconds = 4;
    const traffic = () => one({ url, path, perSecond: 200, seconds, kind: { known: key } });
    const logins = () => other({ url, path: '/api/v1/auth/login', perSecond: 125, seconds, kind: 'login' });
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let run = 0; run < runs; run++) {
      const base = p99(await traffic());
      const [{ statuses }, beside] = await Promise.all([logins(), traffic()]);
      ratios.push(p99(beside) / base);
      rates.push((statuses[401] ?? 0) / seconds);
    }
    console.log(`\n500 logins in ${seconds} s beside 200/s of keys (median of ${runs} runs)`);
    console.log(`  ${quantile(rates, 0.5).toFixed(0)} logins/s are hashed; the rest is told to come back`);
    return judge('p99 of keys beside logins ÷ alone', quantile(ratios, 0.5), 2);
  });
}

const accounts = 5;
/** Below the 20 an hour that an account may be tried. */
const triesEach = 15;

/** Time of a refused login, address known and unknown: nobody learns from it which there are. */
async function compareRefusals(url: string): Promise<boolean> {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  let tries = 0;
  const refuse = async (which: 'known' | 'unknown', email: string) => {
    const from = `198.19.${++tries >> 8}.${tries & 255}`;
    const startedAt = performance.now();
    const response = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify({ email, password: 'not the password' }),
    });
    await response.text();
    if (response.status !== 401) throw new Error(`a refused login: ${response.status}`);
    times[which].push(performance.now() - startedAt);
  };
  for (let account = 0; account < accounts; account++) {
    const { email } = await enter(url);
    for (let n = 0; n < triesEach; n++) {
      const pair = [() => refuse('known', email), () => refuse('unknown', `no-${email}`)];
      for (const one of n % 2 === 0 ? pair : pair.reverse()) await one();
    }
  }
  const [known, unknown] = [quantile(times.known, 0.5), quantile(times.unknown, 0.5)];
  console.log(`\na refused login: known address ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms (medians)`);
  return judge('difference of the medians ÷ the larger', Math.abs(known - unknown) / Math.max(known, unknown), 0.05);
}
