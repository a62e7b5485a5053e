import { Client } from 'pg';
import { withSettings } from './connection-url.ts';

/** One connection that hears the notifications of a channel. */
export interface Listener {
  /** Closes the connection; nothing is called afterwards. */
  close(): Promise<void>;
}

/** What a listener needs. */
export interface ListenOptions {
  readonly url: string;
  /** Role of the connection. */
  readonly role: string;
  /** Channel of NOTIFY: lower-case words and underscores. */
  readonly channel: string;
  /** Called for each notification, and once after each new connection, since some may have been missed before it. */
  readonly onNotify: () => void;
}

const reconnectMs = 1_000;
const connectTimeoutMs = 5_000;

/**
 * Listens on a connection of its own, and makes a new one a second after it is lost. A notification is a hint: while
 * PostgreSQL is away none is heard and nothing is thrown.
 */
export function listen({ url, role, channel, onNotify }: ListenOptions): Listener {
  if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`"${channel}" is not the name of a channel.`);
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = async () => {
    const next = new Client({
      connectionString: withSettings(url, { role }),
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: `${role} listen`,
      keepAlive: true,
    });
    client = next;
    // The end of the connection follows every error of it; that is where the next one is made.
    next.on('error', () => {});
    next.on('notification', onNotify);
    next.on('end', again);
    await next.connect();
    await next.query(`LISTEN ${channel}`);
    onNotify();
  };
  const again = () => {
    if (isClosed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      attempt();
    }, reconnectMs);
  };
  // Away or refused: the poll works without us, and the next try comes.
  const attempt = () => void connect().catch(again);

  attempt();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      client?.removeListener('notification', onNotify);
      // Whatever state it is in, it is not used any more.
      await client?.end().catch(() => {});
    },
  };
}
