import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6, type AddressInfo } from 'node:net';

/** A name server on loopback for tests. */
export interface NameServer {
  /** As `dns.setServers` takes it. */
  readonly address: string;
  /** Names that were asked for, one for each query (a look-up is two: A and AAAA). */
  readonly queries: string[];
  /** What it knows; a name that is not here does not exist. */
  readonly names: Map<string, readonly string[]>;
  /** While true, queries are taken and never answered. */
  isSilent: boolean;
  close(): Promise<void>;
}

/** Starts a name server that answers A and AAAA with `ttlS`, as in RFC 1035 section 4. */
export async function startNameServer(names: Record<string, readonly string[]> = {}, ttlS = 60): Promise<NameServer> {
  const socket: Socket = createSocket('udp4');
  const server = {
    queries: [] as string[],
    names: new Map(Object.entries(names)),
    isSilent: false,
    address: '',
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    server.queries.push(name);
    if (!server.isSilent)
      socket.send(toAnswer(query.subarray(0, end), server.names.get(name), type, ttlS), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server.address = `127.0.0.1:${(socket.address() as AddressInfo).port}`;
  return server;
}

const typeA = 1;
const typeAaaa = 28;

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function toAnswer(question: Buffer, known: readonly string[] | undefined, type: number, ttlS: number): Buffer {
  const records = (known ?? []).filter((address) => (isIPv6(address) ? typeAaaa : typeA) === type);
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, question.subarray(12), ...records.map((address) => toRecord(address, type, ttlS))]);
}

function toRecord(address: string, type: number, ttlS: number): Buffer {
  const data =
    type === typeA
      ? Buffer.from(address.split('.').map(Number))
      : Buffer.from(
          address
            .split(':')
            .map((group) => group.padStart(4, '0'))
            .join(''),
          'hex',
        );
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(ttlS, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}
