import { sql, type Database, type Transaction } from '@universal-api/database';
import type { AuthTables } from '../store/auth-tables.ts';
import type { NewSigningKey } from './make-signing-key.ts';
import { planSigningKeys, readyAt, type SigningKeyPlan } from './plan-signing-keys.ts';
import type { SigningKeyRow, SigningKeyTimes } from './signing-key.ts';

/** What the store works with. */
export interface SigningKeyStoreParts {
  readonly database: Database<AuthTables>;
  readonly times: SigningKeyTimes;
  readonly makeKey: () => Promise<NewSigningKey>;
}

/** The signing keys of the installation in PostgreSQL. Times are ms of the epoch; errors of every method: those of `Database`. */
export interface SigningKeyStore {
  /** All keys, newest first, after whatever their life asked for at that time was done. */
  settle(nowMs: number): Promise<readonly SigningKeyRow[]>;
  /** Ends the time of the current key, as soon as the next was published long enough; `record` is in the same transaction. */
  rotate(nowMs: number, record: (tx: Transaction<AuthTables>) => Promise<void>): Promise<readonly SigningKeyRow[]>;
}

type Tx = Transaction<AuthTables>;

/** The store over a pool of role `auth_app`. */
export function createSigningKeyStore(parts: SigningKeyStoreParts): SigningKeyStore {
  const { database, times } = parts;
  return {
    async settle(nowMs) {
      const keys = await database.instance(readAll);
      if (isNothing(planSigningKeys(keys, nowMs, times))) return keys;
      return database.instance(async (tx) => {
        await lock(tx);
        return follow(tx, nowMs, parts);
      });
    },
    rotate: (nowMs, record) =>
      database.instance(async (tx) => {
        await lock(tx);
        await askForNext(tx, nowMs, parts);
        const keys = await follow(tx, nowMs, parts);
        await record(tx);
        return keys;
      }),
  };
}

/** Held until the transaction ends: two replicas would otherwise both see that a key is missing. */
async function lock(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('universal-api.signing-keys', 0))`.execute(tx);
}

function readAll(tx: Tx): Promise<SigningKeyRow[]> {
  return tx.selectFrom('signing_keys').selectAll().orderBy('publish_at', 'desc').orderBy('kid', 'desc').execute();
}

function isNothing({ drop, ...rest }: SigningKeyPlan): boolean {
  return drop.length === 0 && Object.keys(rest).length === 0;
}

/** Does what the plan asks, in its order: there is never a second current or next key. */
async function follow(tx: Tx, nowMs: number, { times, makeKey }: SigningKeyStoreParts): Promise<SigningKeyRow[]> {
  const { drop, retire, promote, makeCurrent, makeNext } = planSigningKeys(await readAll(tx), nowMs, times);
  if (drop.length > 0) await tx.deleteFrom('signing_keys').where('kid', 'in', drop).execute();
  if (retire) {
    const change = { state: 'retired' as const, use_until: retire.useUntil, drop_at: retire.dropAt };
    await tx.updateTable('signing_keys').set(change).where('kid', '=', retire.kid).execute();
  }
  if (promote) {
    const change = { state: 'current' as const, use_from: promote.useFrom, use_until: promote.useUntil };
    await tx.updateTable('signing_keys').set(change).where('kid', '=', promote.kid).execute();
  }
  const insert = async (life: Pick<SigningKeyRow, 'state' | 'publish_at' | 'use_from' | 'use_until'>) => {
    const { public_jwk, ...key } = await makeKey();
    const row = { ...key, ...life, public_jwk: JSON.stringify(public_jwk) };
    await tx.insertInto('signing_keys').values(row).execute();
  };
  if (makeCurrent) {
    const { useFrom, useUntil } = makeCurrent;
    await insert({ state: 'current', publish_at: useFrom, use_from: useFrom, use_until: useUntil });
  }
  if (makeNext) {
    await insert({ state: 'next', publish_at: makeNext.publishAt, use_from: makeNext.useFrom, use_until: null });
  }
  return readAll(tx);
}

async function askForNext(tx: Tx, nowMs: number, { times }: SigningKeyStoreParts): Promise<void> {
  const next = (await readAll(tx)).find(({ state }) => state === 'next');
  const at = new Date(readyAt(next?.publish_at ?? new Date(nowMs), nowMs, times));
  // Asked twice, the earlier time stands.
  await sql`UPDATE signing_keys SET use_until = least(use_until, ${at}) WHERE state = 'current'`.execute(tx);
  await sql`UPDATE signing_keys SET use_from = least(use_from, ${at}) WHERE state = 'next'`.execute(tx);
}
