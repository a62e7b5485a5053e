import { askRedis, type RedisServer } from '@universal-api/infra';

/** Empties a Redis of one's own (FLUSHALL), never a shared one. Errors: what Redis said instead of `OK`. */
export async function flushRedis(server: RedisServer): Promise<void> {
  await command(server, 'FLUSHALL');
}

/**
 * Fills a Redis of one's own: from now on every write that needs memory is refused (`OOM`), and reads go on. It lowers
 * `maxmemory` below what is in use rather than write data. Gives back what makes it roomy again.
 */
export async function fillRedis(server: RedisServer): Promise<{ empty(): Promise<void> }> {
  const wanted = server.maxmemory;
  await command(server, 'CONFIG SET maxmemory 1');
  return { empty: () => command(server, `CONFIG SET maxmemory ${wanted}`) };
}

async function command({ port }: RedisServer, text: string): Promise<void> {
  const answer = await askRedis(port, text, 10_000);
  if (answer !== '+OK') throw new Error(`Redis answered ${text} with ${answer}`);
}
