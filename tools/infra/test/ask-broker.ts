import { connect } from 'node:net';

/**
 * The few words of Kafka's protocol that tests of the broker itself need (https://kafka.apache.org/protocol, non-flexible
 * versions): create a topic (CreateTopics 2) and look it up (Metadata 1).
 */

/** Creates a topic of one partition and gives back Kafka's error code; 0 = created, 36 = it is there. */
export async function createTopic(port: number, topic: string): Promise<number> {
  const name = text(topic);
  const body = Buffer.concat([int32(1), name, int32(1), int16(1), int32(0), int32(0), int32(10_000), Buffer.from([0])]);
  const answer = await ask(port, 19, 2, body);
  // After the throttle time and the count of topics: its name, then its code.
  return answer.readInt16BE(8 + name.length);
}

/** Whether the broker knows a topic and has a leader for its partition. */
export async function hasTopic(port: number, topic: string): Promise<boolean> {
  const answer = await ask(port, 3, 1, Buffer.concat([int32(1), text(topic)]));
  const at = answer.lastIndexOf(text(topic));
  return at >= 2 && answer.readInt16BE(at - 2) === 0 && answer.readInt32BE(at + text(topic).length + 1) === 1;
}

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const text = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)]);

/** Sends one request and gives back the body of the answer. */
function ask(port: number, key: number, version: number, body: Buffer): Promise<Buffer> {
  const request = Buffer.concat([int16(key), int16(version), int32(7), text('test'), body]);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([int32(request.length), request])));
    let answer = Buffer.alloc(0);
    socket.setTimeout(10_000, () => socket.destroy(new Error('the broker does not answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the broker closed the connection')));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, Buffer.from(chunk)]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      resolve(answer.subarray(8));
      socket.destroy();
    });
  });
}
