import { argon2, randomBytes as systemBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import { createBulkhead } from '@universal-api/resilience';
import { readPhcString, toPhcString, type ArgonCost, type ArgonHash } from './phc-string.ts';

/** How passwords are hashed, and how many at once (platform.md 1.5). */
export interface HasherSettings extends ArgonCost {
  /** Hashes that run at once, 1 or 2: the threads they run on also serve files. */
  readonly inFlight: number;
  /** Hashes that may wait; the next one is refused. */
  readonly queued: number;
}

/** What a check of a password found. */
export interface PasswordVerdict {
  readonly isRight: boolean;
  /** Right, and hashed at a lower cost than today's: to be hashed anew. */
  readonly isOutdated: boolean;
}

/**
 * Hashes passwords with argon2id, so many at once. Errors of both: `overloaded` with 2 s to wait, at once when the queue is
 * full; the reason of `signal` if the caller left before the hash began.
 */
export interface PasswordHasher {
  /** The PHC string of a password, taken in NFC. */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /** Compares with a PHC string; without one the same work is done, and the answer is no. */
  check(password: string, stored: string | undefined, signal?: AbortSignal): Promise<PasswordVerdict>;
  /** What runs and what waits now. */
  load(): { readonly running: number; readonly waiting: number };
}

/** One computation of argon2id; handed in by tests that count. */
export type Argon = (password: string, salt: Buffer, cost: ArgonCost) => Promise<Buffer>;

/** Today's strength; configuration may raise it only. Source: RFC 9106, OWASP's second choice for argon2id. */
export const defaultArgonCost: ArgonCost = { memoryKib: 19_456, passes: 2, parallelism: 1 };

/** Most hashes that wait. */
export const defaultArgonQueue = 32;

const saltBytes = 16;
const tagBytes = 32;
/** Longest wait in the queue, ms: far above what a full queue takes. */
const waitMs = 8_000;
const retryAfterS = 2;
const wrong: PasswordVerdict = { isRight: false, isOutdated: false };

/** The hasher of a process. */
export function createPasswordHasher(settings: HasherSettings, argon: Argon = computeArgon): PasswordHasher {
  const { inFlight, queued, memoryKib, passes, parallelism } = settings;
  const cost: ArgonCost = { memoryKib, passes, parallelism };
  const pool = createBulkhead({ concurrent: inFlight, queued, waitMs });
  const decoy: ArgonHash = { ...cost, salt: systemBytes(saltBytes), tag: systemBytes(tagBytes) };

  async function compute(password: string, salt: Buffer, at: ArgonCost, signal?: AbortSignal): Promise<Buffer> {
    try {
      return await pool.run(() => argon(password.normalize('NFC'), salt, at), signal);
    } catch (error) {
      if (!AppError.is(error) || error.code !== 'overloaded') throw error;
      throw new AppError('overloaded', {
        detail: 'Too many passwords are being checked at once. Wait `Retry-After` seconds.',
        retryAfterS,
        internal: 'the queue of password hashes is full',
        cause: error,
      });
    }
  }

  return {
    async hash(password, signal) {
      const salt = systemBytes(saltBytes);
      return toPhcString({ ...cost, salt, tag: await compute(password, salt, cost, signal) });
    },
    async check(password, stored, signal) {
      const known = stored === undefined ? undefined : readPhcString(stored);
      const against = known ?? decoy;
      const tag = await compute(password, against.salt, against, signal);
      const isRight = tag.length === against.tag.length && timingSafeEqual(tag, against.tag) && known !== undefined;
      return isRight ? { isRight, isOutdated: isLower(against, cost) } : wrong;
    },
    load: () => ({ running: pool.running(), waiting: pool.waiting() }),
  };
}

function isLower(stored: ArgonCost, today: ArgonCost): boolean {
  return stored.memoryKib < today.memoryKib || stored.passes < today.passes || stored.parallelism < today.parallelism;
}

/** The real computation, on the threads of the process. */
export const computeArgon: Argon = (password, salt, { memoryKib, passes, parallelism }) =>
  new Promise((resolve, reject) => {
    const parameters = { message: password, nonce: salt, parallelism, tagLength: tagBytes, memory: memoryKib, passes };
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
