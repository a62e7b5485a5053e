import type { Pool } from 'pg';
import { createPool, type DatabaseOptions } from './open-database.ts';

/** A pool as the libraries that share it see it. */
export type SharedPool = Pick<Pool, 'query' | 'connect' | 'options'> & {
  /** Ends the pool, once what runs has ended. */
  close(): Promise<void>;
};

/**
 * A pool of a role for a library that speaks to PostgreSQL by itself, such as the job queue: the search path is the schema of the
 * role alone, and values come as `pg` gives them (`bigint` columns as text). It connects with the first call; a connection that
 * breaks while nobody uses it is left out without a word. Errors are those of `pg`.
 */
export function openSharedPool(options: DatabaseOptions): SharedPool {
  const pool = createPool(options, 'library');
  // Whatever shares it listens for its errors.
  pool.setMaxListeners(0);
  return Object.assign(pool, { close: () => pool.end() });
}
