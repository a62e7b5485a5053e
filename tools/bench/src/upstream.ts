import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The upstream of the benchmarks, in a process of its own: answers every GET with Open-Meteo's recorded answer. */
const file = new URL(
  '../../../libs/providers/weather/src/open-meteo/fixtures/weather.current.success.json',
  import.meta.url,
);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as { body: unknown };
const body = typeof fixture.body === 'string' ? fixture.body : JSON.stringify(fixture.body);

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on('SIGINT', () => process.exit());
