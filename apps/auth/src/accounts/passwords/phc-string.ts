/** Cost of argon2id: memory in KiB, passes, lanes. */
export interface ArgonCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** A hash with all that is needed to check a password against it. */
export interface ArgonHash extends ArgonCost {
  readonly salt: Buffer;
  readonly tag: Buffer;
}

const shape = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** `$argon2id$v=19$m=…,t=…,p=…$<salt>$<tag>`, base64 without padding. Source: the PHC string format of argon2 (version 1.3). */
export function toPhcString({ memoryKib, passes, parallelism, salt, tag }: ArgonHash): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${plain(salt)}$${plain(tag)}`;
}

/** The hash in such a text; `undefined` for anything else. */
export function readPhcString(text: string): ArgonHash | undefined {
  const [, memoryKib, passes, parallelism, salt, tag] = shape.exec(text) ?? [];
  if (salt === undefined || tag === undefined) return undefined;
  return {
    memoryKib: Number(memoryKib),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function plain(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
