import { withClient } from '@universal-api/database';
import { silentLogger } from '@universal-api/logging';
import { defineScript, openRedis } from '@universal-api/redis';

/** Every row of every table of a database as text, whoever owns it; bytes as hex and as base64. */
export async function dumpDatabase(adminUrl: string): Promise<string> {
  return withClient(adminUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      texts.push(`-- ${name}`, ...rows.flatMap(({ row }) => [row, ...bytesIn(row)]));
    }
    return texts.join('\n');
  });
}

/** Bytes of a row as they are, so that a text in them is found. */
const bytesIn = (row: string) =>
  [...row.matchAll(/\\x([0-9a-f]{16,})/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'));

const dumpKeys = defineScript(`
  local texts = {}
  for _, key in ipairs(redis.call('KEYS', ARGV[1])) do texts[#texts + 1] = key .. ' ' .. redis.call('DUMP', key) end
  return table.concat(texts, '\\n')`);

/** Every key of a prefix, and what is in it, as Redis itself writes it down. */
export async function dumpRedis(url: string, prefix: string): Promise<string> {
  const redis = openRedis({ url, name: 'dump', log: silentLogger, timeoutMs: 5_000 });
  try {
    await redis.connected(5_000);
    return String(await redis.run(dumpKeys, [], [`*${prefix}*`]));
  } finally {
    await redis.close();
  }
}
