import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The least that can be done: Node's own server forwards to the upstream, bytes as they come. */
const upstream = new URL(process.env['UPSTREAM'] ?? '');
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const server = createServer((incoming, response) => {
  const outgoing = request(new URL(incoming.url ?? '/', upstream), { agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
    answer.pipe(response);
  });
  outgoing.end();
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on('SIGINT', () => process.exit());
