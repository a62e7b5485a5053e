import {
  createOutageBreaker,
  isRedisFailure,
  type LuaScript,
  type Redis,
  type RedisFailure,
} from '@universal-api/redis';
import { createBucketKeys } from './bucket-keys.ts';
import { checkCost, limitUs, slotUs, windowUs } from './charge-sizes.ts';
import { decideCharges } from './decide-charges.ts';
import type { LogTimes } from './log-times.ts';
import { createOutageBuckets, type OwedDebt, type ToldDebt } from './outage-buckets.ts';
import type { Charge, Decision, RateLimiter } from './rate-limiter.ts';
import { decideScript, probeScript, refundScript } from './redis-scripts.ts';
import { createServerTime } from './server-time.ts';

/** Parts and bounds of a Redis rate limiter. */
export interface RedisRateLimiterOptions {
  /** A connection of its own: the breaker resets it. */
  readonly redis: Redis;
  /** `UAPI_PREFIX`. */
  readonly prefix: string;
  /** Gateways alive, this one included: what each may admit by itself while Redis is away. */
  readonly liveGateways: () => number;
  /** Time of this process, never stepping back, whole µs; `hrtimeUs` in the product. */
  readonly nowUs: () => number;
  /** Longest time of a command of `redis`, ms; 50 unless told. */
  readonly timeoutMs?: number;
  /** Told when limits are no longer counted by all gateways together, and when they are again: for `uapi_ratelimit_degraded`. */
  readonly onDegraded?: (isDegraded: boolean, failure?: RedisFailure) => void;
  /** Most buckets remembered for an outage; 100,000 unless told. */
  readonly maxBuckets?: number;
  /** From the breaker's opening to its probe, ms; 5,000 unless told. */
  readonly pauseMs?: number;
  /** Takes the place of the server's clock, whole µs. */
  readonly serverNowUs?: () => number;
}

/** A limiter whose buckets all gateways share. */
export interface RedisRateLimiter extends RateLimiter {
  /** Whether this process decides by its share of each limit, because Redis is in trouble. */
  isDegraded(): boolean;
  /** Ends its timer; the connection is the caller's. */
  close(): void;
}

/** How long after an outage a gateway also keeps to its share, µs: the others may not have told yet what they admitted. */
const settleUs = 4_000_000;
/** Refusals of the server that the next command would get as well. */
const lastingReplies = ['OOM', 'READONLY', 'MISCONF', 'LOADING', 'NOPERM', 'NOAUTH', 'WRONGPASS', 'MASTERDOWN'];

/**
 * The limiter of all gateways: one script, one round trip, the server's clock. A decision never fails by Redis: where Redis
 * gives none, the gateway decides by its share, and tells Redis before its next decision (platform.md 2.5).
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RedisRateLimiter {
  const { redis, nowUs, timeoutMs = 50, maxBuckets = 100_000, onDegraded = () => {} } = options;
  const keyOf = createBucketKeys(options.prefix);
  const serverTime = createServerTime(nowUs);
  const share = createOutageBuckets({ nowUs, liveGateways: options.liveGateways, maxBuckets });
  const takenLocally = new WeakMap<Decision, LocalPart>();
  let settledAtUs = 0;
  const breaker = createOutageBreaker({
    redis,
    probe: async () => void (await redis.run(probeScript, [`${options.prefix}:rl:probe`], [])),
    isFinal: ({ reply = '' }) => lastingReplies.includes(reply),
    pauseMs: options.pauseMs,
    onState(isOpen, failure) {
      if (!isOpen) settledAtUs = nowUs() + settleUs;
      onDegraded(isOpen, failure);
    },
  });

  /** Runs a script that answers the server's time and debts. */
  async function ask(script: LuaScript, charges: readonly Charge[], args: readonly Argument[]): Promise<Reply> {
    const keys = charges.map(keyOf);
    const send = async (latestUs: number) => {
      const sentUs = nowUs();
      const reply = readReply(await redis.run(script, keys, [latestUs, options.serverNowUs?.() ?? 0, ...args]));
      serverTime.note(reply.nowUs, sentUs);
      return reply;
    };
    const reply = await send(options.serverNowUs ? 0 : serverTime.latestUs(timeoutMs * 1_000));
    // Too late, and yet answered in time: the server's clock was set forward.
    return reply.debts.length > 0 ? reply : send(0);
  }

  async function decideTogether(charges: readonly Charge[], owed?: readonly OwedDebt[]): Promise<Decision> {
    const args = charges.flatMap((charge, index) => argumentsOf(charge, owed?.[index]));
    const { nowUs: now, debts } = await breaker.run(() => ask(decideScript, charges, args));
    const before = debts.map((debt) => (typeof debt === 'number' ? now + debt : 0));
    const decided = decideCharges(charges, before, now, (index) => timesOf(debts[index], now));
    const { decision, tatsUs = before, logs } = decided;
    share.remember(
      charges,
      tatsUs.map((tatUs, index) => {
        const log = logs?.get(index);
        if (log) return log.map((us) => now - us);
        const debt = debts[index];
        return typeof debt === 'object' ? debt : tatUs - now;
      }),
    );
    return decision;
  }

  function decideAlone(charges: readonly Charge[]): Decision {
    const decision = share.decide(charges);
    takenLocally.set(decision, { atUs: decision.atUs, isOwed: true });
    return decision;
  }

  async function decide(charges: readonly Charge[]): Promise<Decision> {
    for (const charge of charges) checkCost(charge);
    if (charges.length === 0) return decideCharges(charges, [], nowUs()).decision;
    if (breaker.isOpen()) return decideAlone(charges);
    const isSettling = nowUs() < settledAtUs;
    const held = isSettling ? share.hold(charges) : undefined;
    if (held && !held.admitted) return held;
    const owed = share.takeOwed(charges, isSettling);
    try {
      const decision = await decideTogether(charges, owed);
      if (held && decision.admitted) takenLocally.set(decision, { atUs: held.atUs, isOwed: false });
      else if (held) share.refund(charges, { atUs: held.atUs, isOwed: false });
      return decision;
    } catch (error) {
      if (!isRedisFailure(error)) throw error;
      if (owed) share.putBack(charges, owed);
      if (held) share.refund(charges, { atUs: held.atUs, isOwed: false });
      return decideAlone(charges);
    }
  }

  return {
    decide,
    async refund(charges, decision) {
      if (!decision.admitted) return;
      const local = takenLocally.get(decision);
      if (local) share.refund(charges, local);
      if (local?.isOwed || breaker.isOpen()) return;
      const taken = charges.flatMap((charge) =>
        charge.kind === 'log' ? [charge.cost, windowUs(charge)] : [charge.cost * slotUs(charge), 0],
      );
      try {
        const { debts } = await breaker.run(() => ask(refundScript, charges, [decision.atUs, ...taken]));
        share.remember(charges, debts);
      } catch (error) {
        // The charge stays: a caller has less for one window, never more.
        if (!isRedisFailure(error)) throw error;
      }
    },
    isDegraded: () => breaker.isOpen(),
    close: () => breaker.stop(),
  };
}

/** What a decision took from the share of this gateway, and when; `isOwed`: from nothing else, so that Redis is owed it. */
interface LocalPart {
  readonly atUs: number;
  readonly isOwed: boolean;
}

type Argument = number | string;

/** What the scripts answer: the server's time, and where each bucket stands; no bucket at all if it was too late. */
interface Reply {
  readonly nowUs: number;
  readonly debts: readonly ToldDebt[];
}

function readReply(reply: unknown): Reply {
  const [now, ...debts] = Array.isArray(reply) ? (reply as unknown[]) : [];
  const toDebt = (debt: unknown): ToldDebt => (Array.isArray(debt) ? debt.map(Number) : Number(debt));
  return { nowUs: Number(now ?? 0), debts: debts.map(toDebt) };
}

function timesOf(debt: ToldDebt | undefined, nowUs: number): LogTimes {
  return typeof debt === 'object' ? debt.map((age) => nowUs - age) : [];
}

/** The five arguments of a bucket, as the script reads them. */
function argumentsOf(charge: Charge, owed: OwedDebt | undefined): Argument[] {
  if (charge.kind === 'log') {
    const { baseAges = [], owedAges = [] } = owed ?? {};
    return [-windowUs(charge), charge.q, charge.cost, baseAges.join(' '), owedAges.join(' ')];
  }
  return [slotUs(charge), limitUs(charge), charge.cost, owed?.baseUs ?? 0, owed?.owedUs ?? 0];
}
