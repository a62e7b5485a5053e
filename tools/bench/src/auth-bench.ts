import { makeApiKey, readCredential } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import { judge } from './judge.ts';
import type { MeasuredProcess } from './measured-process.ts';
import { quantile, sendLoad } from './send-load.ts';
import { sendPaced } from './send-paced.ts';

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
    await measureLogins(url, { key, email: person.email }),
    await compareRefusals(url, person.email),
  ];
  return verdicts.every(Boolean);
}

async function post(url: string, json: unknown): Promise<Record<string, unknown>> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

async function enter(url: string): Promise<{ readonly email: string; readonly token: string }> {
  const email = `bench-${randomBytes(6).toString('hex')}@example.com`;
  await post(`${url}/api/v1/auth/register`, { email, password });
  const { access_token: token } = await post(`${url}/api/v1/auth/login`, { email, password });
  return { email, token: String(token) };
}

const rounds = 10;
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
      await sendLoad({ url, pathOf: () => path, count: perRound, concurrency: 8, headers });
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

const floodRuns = 5;

/** The p99 of a known key, with and without ten times as many unknown ones beside it. */
async function measureFlood(url: string, key: string): Promise<boolean> {
  const known = () => sendPaced({ url, path, perSecond: 50, seconds: 3, headersOf: () => bearer(key) });
  const flood = () => sendPaced({ url, path, perSecond: 500, seconds: 3, headersOf: () => bearer(unknownKey()) });
  const calm: number[] = [];
  const flooded: number[] = [];
  for (let run = -1; run < floodRuns; run++) {
    const alone = await known();
    const [beside] = await Promise.all([known(), flood()]);
    if (run < 0) continue;
    calm.push(quantile(alone.latenciesMs, 0.99));
    flooded.push(quantile(beside.latenciesMs, 0.99));
  }
  const [base, under] = [quantile(calm, 0.5), quantile(flooded, 0.5)];
  console.log(`\np99 of a known key at 50/s (median of ${floodRuns} interleaved runs of 3 s)`);
  console.log(`  alone ${base.toFixed(2)} ms, beside 500/s of unknown keys ${under.toFixed(2)} ms`);
  return judge('p99 under a flood ÷ alone', under / base, 1.1);
}

/** Logins as fast as they are taken, and the p99 of keys meanwhile. */
async function measureLogins(
  url: string,
  { key, email }: { readonly key: string; readonly email: string },
): Promise<boolean> {
  const traffic = () => sendPaced({ url, path, perSecond: 200, seconds: 4, headersOf: () => bearer(key) });
  const logins = () =>
    sendPaced({
      url,
      path: '/api/v1/auth/login',
      method: 'POST',
      perSecond: 125,
      seconds: 4,
      headersOf: (n) => ({ 'content-type': 'application/json', 'x-forwarded-for': `198.18.${n >> 8}.${n & 255}` }),
      bodyOf: (n) => JSON.stringify({ email: `${n}-${email}`, password: 'not the password' }),
    });
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let run = 0; run < 3; run++) {
    const base = quantile((await traffic()).latenciesMs, 0.99);
    const [{ statuses }, { latenciesMs }] = await Promise.all([logins(), traffic()]);
    ratios.push(quantile(latenciesMs, 0.99) / base);
    rates.push((statuses[401] ?? 0) / 4);
    console.log(`${run === 0 ? '\nlogins at 125/s beside 200/s of keys\n' : ''}  answers ${JSON.stringify(statuses)}`);
  }
  console.log(`  ${quantile(rates, 0.5).toFixed(0)} logins/s are hashed; the rest is told to come back`);
  return judge('p99 of keys beside logins ÷ alone', quantile(ratios, 0.5), 2);
}

/** Time of a refused login, address known and unknown: nobody learns from it which there are. */
async function compareRefusals(url: string, email: string): Promise<boolean> {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (let n = 0; n < 60; n++) {
    for (const which of n % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      const who = which === 'known' && n < 16 ? email : `${n}-${which}-${email}`;
      const startedAt = performance.now();
      await fetch(`${url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.19.${n}.${which.length}` },
        body: JSON.stringify({ email: who, password: 'not the password' }),
      }).then((response) => response.text());
      if (which === 'unknown' || who === email) times[which].push(performance.now() - startedAt);
    }
  }
  const [known, unknown] = [quantile(times.known, 0.5), quantile(times.unknown, 0.5)];
  console.log(`\na refused login: known address ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms (medians)`);
  return judge('difference of the medians ÷ the larger', Math.abs(known - unknown) / Math.max(known, unknown), 0.05);
}
