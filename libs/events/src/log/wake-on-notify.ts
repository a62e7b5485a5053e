import { type Database, listen, sql, type Transaction } from '@universal-api/database';
import { EventEmitter } from 'node:events';

/** The hint beside the poll: readers look at once when something was appended, here or in another process. */
export interface Wake {
  /** Something was committed: readers of this process look now, those of others after one NOTIFY per 20 ms at most. */
  ring(): void;
  /** Calls back at every hint, until the function it gives back is called. */
  onRing(listener: () => void): () => void;
  /** Ends the connection that listens. */
  close(): Promise<void>;
}

/** Parts of the hint. */
export interface WakeParts {
  readonly url: string;
  /** Role of the one connection that listens. */
  readonly role: string;
  /** Pool that notifies. */
  readonly database: Pick<Database<unknown>, 'instance'>;
}

const channel = 'uapi_log';
const quietMs = 20;

/** One per process. Nothing depends on it: a hint that is lost costs the wait of one poll. */
export function createWake({ url, role, database }: WakeParts): Wake {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const emit = () => void emitter.emit('ring');
  const listener = listen({ url, role, channel, onNotify: emit });
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  let sending: Promise<unknown> = Promise.resolve();

  // In a transaction of its own: inside that of the change it would serialise all commits of the database on one lock.
  const send = () => {
    isAsked = false;
    sending = database.instance((tx) => sql`NOTIFY uapi_log`.execute(tx)).catch(() => {});
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) send();
    }, quietMs);
  };

  return {
    ring() {
      emit();
      isAsked = true;
      if (!timer) send();
    },
    onRing(heard) {
      emitter.on('ring', heard);
      return () => void emitter.off('ring', heard);
    },
    async close() {
      clearTimeout(timer);
      emitter.removeAllListeners();
      await Promise.all([sending, listener.close()]);
    },
  };
}

const appended = new WeakSet<object>();

/** Notes that a transaction has appended an event. */
export function noteAppend<Tables>(tx: Transaction<Tables>): void {
  appended.add(tx);
}

/** The same pool, which rings after each committed transaction that appended something. For the pools of producers. */
export function ringAfterCommit<Tables>(database: Database<Tables>, wake: Pick<Wake, 'ring'>): Database<Tables> {
  const watch = <Result>(work: (tx: Transaction<Tables>) => Promise<Result>) => {
    let used: Transaction<Tables> | undefined;
    return {
      work: (tx: Transaction<Tables>) => work((used = tx)),
      ringIfAppended: () => used && appended.has(used) && wake.ring(),
    };
  };
  return {
    ...database,
    async transaction(tenantId, work) {
      const watched = watch(work);
      const result = await database.transaction(tenantId, watched.work);
      watched.ringIfAppended();
      return result;
    },
    async instance(work) {
      const watched = watch(work);
      const result = await database.instance(watched.work);
      watched.ringIfAppended();
      return result;
    },
  };
}
