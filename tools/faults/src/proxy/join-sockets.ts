import type { Socket } from 'node:net';
import { carryBytes, type Weather } from './carry-bytes.ts';

/** What stands between the two ends of a connection. */
export interface Line {
  /** Goes on after a change of weather. */
  wake(): void;
  /** Resets both ends. */
  cut(): void;
}

/** Joins two sockets in both directions; a reset of one is a reset of the other. */
export function joinSockets(left: Socket, right: Socket, weather: Weather): Line {
  const ways = [carryBytes(left, right, weather), carryBytes(right, left, weather)];
  const cut = () => {
    for (const way of ways) way.stop();
    for (const socket of [left, right]) reset(socket);
  };
  // The other end is told by the reset; the error itself is what tests are here for.
  for (const socket of [left, right]) socket.on('error', cut);
  return {
    wake() {
      for (const way of ways) way.wake();
    },
    cut,
  };
}

function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // The system refuses to reset one whose end is on its way, and Node would then never close it.
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
