import { codeOf, refusal } from './refusal.ts';
import type { AdminClient } from './with-client.ts';

/** Names of the advisory locks of this lib; advisory locks are per database. */
export type LockName = 'universal-api.roles' | 'universal-api.migrations' | 'universal-api.test-templates';

const waitS = 60;

/**
 * Runs `work` while this connection holds the lock; a process that dies lets go of it with its connection.
 * Errors: a refusal when another starter holds it for more than a minute.
 */
export async function underLock<Result>(client: AdminClient, name: LockName, work: () => Promise<Result>) {
  try {
    await client.query(`SET lock_timeout = '${waitS}s'`);
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
  } catch (error) {
    if (codeOf(error) !== '55P03') throw error;
    throw refusal(`Another process has held the lock ${name} for ${waitS} seconds; end it and start again.`, error);
  }
  try {
    return await work();
  } finally {
    // Fails only where the connection is gone, and the lock with it.
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => {});
  }
}
