import type { CallOrigin, CallQuota, QuotaHold } from '@universal-api/providers-router';
import type { LeaseBook, Unit } from './lease-book.ts';

/** One call, whose questions share a unit. */
interface Ticket {
  readonly unit: Unit | Promise<Unit>;
  /** Questions under way. */
  open: number;
  isAnswered: boolean;
}

const freeHold: QuotaHold = { isHeld: true, end: () => {} };
/** Calls that are remembered, at most twice as many: a call whose questions come one after the other counts once. */
const mostCalls = 20_000;

/**
 * Counts calls that remote providers answer, one unit each however many questions it takes. The plan `unlimited` has no quota and
 * takes no lease.
 */
export function countCalls(leases: Pick<LeaseBook, 'take'>): CallQuota {
  let tickets = new Map<string, Ticket>();
  let older = new Map<string, Ticket>();

  function ticketOf({ callId, tenantId }: CallOrigin): Ticket {
    const known = tickets.get(callId) ?? older.get(callId);
    if (known) return known;
    if (tickets.size >= mostCalls) [older, tickets] = [tickets, new Map()];
    const ticket = { unit: leases.take(tenantId), open: 0, isAnswered: false };
    tickets.set(callId, ticket);
    return ticket;
  }

  function forget(callId: string): void {
    tickets.delete(callId);
    older.delete(callId);
  }

  function toHold(callId: string, ticket: Ticket, unit: Unit): QuotaHold {
    if (!unit.isHeld) {
      ticket.open -= 1;
      if (ticket.open === 0) forget(callId);
      return unit;
    }
    let hasEnded = false;
    return {
      isHeld: true,
      end(isAnswered) {
        if (hasEnded) return;
        hasEnded = true;
        ticket.open -= 1;
        ticket.isAnswered ||= isAnswered;
        if (ticket.open > 0 || ticket.isAnswered) return;
        forget(callId);
        unit.putBack();
      },
    };
  }

  return {
    hold(origin) {
      if (origin.plan === 'unlimited') return freeHold;
      const { callId } = origin;
      const ticket = ticketOf(origin);
      ticket.open += 1;
      const { unit } = ticket;
      return unit instanceof Promise
        ? unit.then((taken) => toHold(callId, ticket, taken))
        : toHold(callId, ticket, unit);
    },
  };
}
