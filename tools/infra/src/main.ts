import { parseArgs } from 'node:util';
import { startInfra } from './start-infra.ts';

/** `npm run infra [-- --folder .data/infra]`: PostgreSQL, Redis and Kafka until Ctrl-C; with a folder their data is kept. */
const { values } = parseArgs({ options: { folder: { type: 'string' } } });
const ended = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, () => resolve());
});
const infra = await startInfra(undefined, values.folder === undefined ? {} : { folder: values.folder });
console.log(
  `PostgreSQL  ${infra.databaseUrl}\nRedis       ${infra.redisUrl}\nKafka       ${infra.kafkaBrokers?.join(',')}\n`,
);
for (const [name, value] of Object.entries(infra.environment)) console.log(`export ${name}='${value}'`);
console.log('\nCtrl-C stops them.');
const alive = setInterval(() => {}, 60_000);
await ended;
clearInterval(alive);
await infra.stop();
console.log('stopped');
process.exit(0);
