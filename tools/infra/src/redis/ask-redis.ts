import { connect } from 'node:net';

/**
 * Sends one inline command to a Redis and gives back the first line of its answer (`+PONG`, `-LOADING …`).
 * Errors: no connection, or no answer within `deadlineMs`.
 */
export function askRedis(port: number, command: string, deadlineMs = 1_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const settle = (act: () => void) => {
      socket.destroy();
      act();
    };
    socket.setTimeout(deadlineMs, () => settle(() => reject(new Error(`Redis on ${port} does not answer.`))));
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('close', () => reject(new Error(`Redis on ${port} closed the connection.`)));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      const end = answer.indexOf('\r\n');
      if (end >= 0) settle(() => resolve(answer.slice(0, end)));
    });
    socket.write(`${command}\r\n`);
  });
}
