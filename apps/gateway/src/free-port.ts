import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A free port that nobody else gets meanwhile. */
export interface HeldPort {
  readonly port: number;
  /** Lets go of it, for the server that it was held for. A second time it does nothing. */
  close(): Promise<void>;
}

/** Holds a free port; for a server whose own address has to be known long before it listens. */
export async function holdPort(host: string): Promise<HeldPort> {
  const holder = createServer((socket) => socket.destroy()).listen(0, host);
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  return {
    port,
    async close() {
      if (!holder.listening) return;
      holder.close();
      await once(holder, 'close');
    },
  };
}

/** A port that is free now. */
export async function freePort(host: string): Promise<number> {
  const held = await holdPort(host);
  await held.close();
  return held.port;
}
