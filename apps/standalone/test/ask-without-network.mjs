/** Runs inside an empty network namespace: starts the product, asks it, and tells what the kernel counted as sent out. */
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { readFileSync } from 'node:fs';
import { readConfig, startProduct } from '../src/compose.ts';

const host = {
  log: silentLogger,
  metrics: createMetrics({ version: 't' }),
  version: 't',
  build: 't',
  now: Date.now,
  newId,
};
const before = counters();
const product = await startProduct(readConfig(process.env), host, () => {});
const paths = {
  geocoding: '/geocoding/forward?address=Lyon',
  time: '/time/now?timezone=Asia/Tokyo',
  countries: '/countries/PE',
  dictionary: '/dictionary/serendipity',
  weather: '/weather/current?lat=45.76&lon=4.84',
};
const answers = {};
for (const [name, path] of Object.entries(paths)) answers[name] = (await fetch(`${product.url}/api/v1${path}`)).status;
const after = counters();
await product.stop(1_000);
const unroutable = after.OutNoRoutes - before.OutNoRoutes;
console.log(JSON.stringify({ answers, unroutable, datagrams: after.OutDatagrams - before.OutDatagrams }));
process.exit();

/** Packets without a route (`Ip: OutNoRoutes`) and datagrams sent (`Udp: OutDatagrams`) in this namespace. */
function counters() {
  const lines = readFileSync('/proc/net/snmp', 'utf8').split('\n');
  const read = (protocol, name) => {
    const [names, values] = lines.filter((line) => line.startsWith(`${protocol}: `)).map((line) => line.split(' '));
    return Number(values[names.indexOf(name)]);
  };
  return { OutNoRoutes: read('Ip', 'OutNoRoutes'), OutDatagrams: read('Udp', 'OutDatagrams') };
}
