/** A booking of a call on an account, in the unit of the account. */
export interface Booking {
  readonly kind: 'settle' | 'refund' | 'expire' | 'correct';
  readonly amount: bigint;
  /** Settled at the worst case, since nobody said what it was. */
  readonly assumed?: true;
}

/** What is booked of one call on one account so far. */
export interface CallOnAccount {
  /** What was reserved; absent: nothing was. */
  readonly reserve?: {
    readonly amount: bigint;
    readonly isOpen: boolean;
    /** Worst case of the attempts that were begun; absent: none was. */
    readonly started?: bigint;
  };
  /** What was settled. */
  readonly settle?: { readonly amount: bigint; readonly assumed: boolean };
  /** An assumed settle was put right. */
  readonly isCorrected: boolean;
}

/** What follows for an account. */
export interface Booked {
  readonly bookings: readonly Booking[];
  /** How `spent` and `reserved` of the account change. */
  readonly spent: bigint;
  readonly reserved: bigint;
  /** By how much the cost exceeds what was reserved; 0: not at all. */
  readonly overrun: bigint;
}

const nothing: Booked = { bookings: [], spent: 0n, reserved: 0n, overrun: 0n };

/**
 * The real cost of a call on an account: settles it, gives the rest back, and puts an assumed cost right. A call that was
 * settled or put right before gives no booking. What was never reserved, or had expired, is booked whole. Pure.
 */
export function bookSettle(call: CallOnAccount, cost: bigint): Booked {
  const { reserve, settle } = call;
  if (settle) return settle.assumed && !call.isCorrected ? correct(call, settle.amount, cost) : nothing;
  const held = reserve?.isOpen ? reserve.amount : 0n;
  return {
    bookings: [{ kind: 'settle', amount: cost }, ...rest(held, cost)],
    spent: cost,
    reserved: -held,
    overrun: excess(cost, held),
  };
}

/**
 * The end of a reservation that nobody settled: given back if no attempt was begun, else settled at the worst case of those
 * that were. Pure.
 */
export function bookExpiry({ reserve }: CallOnAccount): Booked {
  if (!reserve?.isOpen) return nothing;
  const { amount, started } = reserve;
  if (started === undefined) {
    return { bookings: [{ kind: 'expire', amount }], spent: 0n, reserved: -amount, overrun: 0n };
  }
  return {
    bookings: [{ kind: 'settle', amount: started, assumed: true }, ...rest(amount, started)],
    spent: started,
    reserved: -amount,
    overrun: excess(started, amount),
  };
}

function correct(call: CallOnAccount, assumed: bigint, cost: bigint): Booked {
  const amount = cost - assumed;
  const overrun = excess(cost, call.reserve?.amount ?? 0n);
  return { bookings: [{ kind: 'correct', amount }], spent: amount, reserved: 0n, overrun };
}

function rest(held: bigint, cost: bigint): readonly Booking[] {
  return held > cost ? [{ kind: 'refund', amount: held - cost }] : [];
}

function excess(cost: bigint, held: bigint): bigint {
  return cost > held ? cost - held : 0n;
}
