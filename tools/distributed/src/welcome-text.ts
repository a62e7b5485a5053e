import type { PlacedApp } from './apps/place-apps.ts';

/** What a person is told when everything runs. */
export interface WelcomeFacts {
  /** `PUBLIC_BASE_URL`; absent: the port of the gateway on loopback. */
  readonly publicBaseUrl?: string;
  readonly apps: readonly PlacedApp[];
  /** `DATABASE_URL`, `REDIS_URL` and `KAFKA_BROKERS` of the apps; no password of theirs is shown. */
  readonly servers: Readonly<Record<'DATABASE_URL' | 'REDIS_URL' | 'KAFKA_BROKERS', string>>;
  /** Where the secrets, and the data and logs of the servers, are. */
  readonly folder: string;
  /** Since the start. */
  readonly seconds: number;
}

/** Where everything is, and three calls to try. */
export function welcomeText({ publicBaseUrl, apps, servers, folder, seconds }: WelcomeFacts): string {
  const gateway = apps.find(({ name }) => name === 'gateway');
  const url = publicBaseUrl ?? `http://127.0.0.1:${gateway?.port}`;
  const call = (path: string) => `  curl -H "Authorization: Bearer $UAPI_KEY" '${url}/api/v1/${path}'`;
  return `
Universal API runs, one process per app (started in ${seconds.toFixed(1)} s).

  Home         ${url}/
  API          ${url}/api/v1
  Reference    ${url}/docs
  Health       ${url}/api/health
  Operations   /health/ready and /metrics on ${apps.map((app) => `${app.operationsPort} (${app.name})`).join(', ')}
  Servers      PostgreSQL ${placeOf(servers.DATABASE_URL)}, Redis ${placeOf(servers.REDIS_URL)}, Kafka ${servers.KAFKA_BROKERS}
  Data         ${folder}

Try, with your key in UAPI_KEY:

${call('geocoding/forward?address=Lyon')}
${call('time/now?timezone=Asia/Tokyo')}
${call('dictionary/serendipity')}

Ctrl-C stops it.
`;
}

/** The installation's first key, in front of whoever started it: shown now and never again. */
export function keyText(key: string): string {
  return `
This installation's API key, shown this once; keep it:

  ${key}

  export UAPI_KEY='${key}'
`;
}

/** Host and port of a URL, without its login. */
function placeOf(url: string): string {
  return new URL(url).host;
}
