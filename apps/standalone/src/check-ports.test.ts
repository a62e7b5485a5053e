import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { checkPorts } from './check-ports.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

describe('ports', () => {
  test('one that is taken ends the start with its number and the variable that moves it', async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(checkPorts([{ host: '127.0.0.1', port, variable: 'OPS_PORT' }])).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use by another program; stop it, or set OPS_PORT`,
    );
  });

  test('a free one, and 0, pass', async () => {
    await checkPorts([{ host: '127.0.0.1', port: 0, variable: 'PORT' }]);
  });
});
