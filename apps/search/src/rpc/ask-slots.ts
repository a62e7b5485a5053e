import type { CallContext } from '@universal-api/grpc';
import { create } from '@universal-api/protos';
import { RoutingOptionsSchema, type RoutingOptions } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import type { Availability, Router } from '@universal-api/providers-router';
import type { SearchPlan, Slot } from '../plan/plan-search.ts';
import type { SlotArgs } from '../plan/search-category.ts';
import {
  collectUntil,
  countsForQuorum,
  type LeftoverLimit,
  type ScatterClock,
  type ScatterSlot,
} from '../scatter/collect-until.ts';
import type { LatencyBook } from '../scatter/latency-book.ts';
import { searchDeadlines } from '../scatter/soft-deadline.ts';
import { isUnknownPlace } from './operations/through-handler.ts';
import type { SearchWish } from './read-wish.ts';
import type { SearchEnd } from './outcome/slot-end.ts';
import type { SlotAnswer, SlotCall, SlotOperation } from './operations/slot-operation.ts';

/** What fanning out needs. */
export interface AskParts {
  readonly router: Pick<Router, 'available'>;
  readonly operations: ReadonlyMap<string, SlotOperation>;
  readonly latencies: LatencyBook;
  /** `now` in ms since the epoch. */
  readonly clock: ScatterClock;
  readonly leftovers: LeftoverLimit;
}

/** Bounds of the deadline that a caller may set for a search, and what it is without one, ms. */
const deadlineMs = { least: 200, most: 5_000, otherwise: 1_200 } as const;

/** Who may answer a question, and why each other may not. `args` belong to that one operation. */
export type ListAvailable = (operation: string, args: SlotArgs) => readonly Availability[];

/** For one search of this caller: each list is made once, so that the slots of a merge category share theirs. */
export function availableFor(
  { router, operations }: Pick<AskParts, 'router' | 'operations'>,
  { routing }: Pick<SearchWish, 'routing'>,
  { principal }: CallContext,
): ListAvailable {
  const lists = new Map<SlotArgs, readonly Availability[]>();
  return (operation, args) => {
    const known = lists.get(args);
    if (known) return known;
    const list = router.available(operation, {
      wishes: routing,
      coverage: operations.get(operation)?.coverage?.(args),
      keylessOnly: principal.typ === 'anonymous',
    });
    lists.set(args, list);
    return list;
  };
}

/** Those of a list who may answer; one who is only away for now counts, since the cache may answer for it. */
export function permitted(available: readonly Availability[]): readonly string[] {
  return available.filter(({ reason, isPassing }) => reason === undefined || isPassing).map(({ provider }) => provider);
}

/** Asks every slot of a plan at once, and tells how each stood when the search was to return. */
export async function askSlots(
  plan: SearchPlan,
  wish: SearchWish,
  {
    parts,
    context,
    listOf,
  }: { readonly parts: AskParts; readonly context: CallContext; readonly listOf: ListAvailable },
): Promise<SearchEnd & { readonly softMs: number }> {
  const { clock, latencies, leftovers } = parts;
  const startedAt = clock.now();
  const wantedMs = wish.routing?.deadlineMs ?? deadlineMs.otherwise;
  const allowedMs = Math.min(Math.max(wantedMs, deadlineMs.least), deadlineMs.most, context.deadlineAt - startedAt);
  const asked = plan.slots.map((slot) => {
    const available = listOf(slot.operation, slot.args);
    const first = slot.provider ?? permitted(available)[0] ?? '';
    return { slot, available, p90: latencies.p90(first, slot.operation) };
  });
  const { softMs, hardMs } = searchDeadlines(
    asked.map(({ p90 }) => p90),
    allowedMs,
  );
  const slots = asked.map(({ slot, p90 }) => ({
    ...slot,
    isLate: (p90 ?? 0) > softMs,
    run: runSlot(slot, { wish, parts, context, deadlineAt: startedAt + hardMs }),
  })) satisfies ScatterSlot<SlotAnswer>[];
  const { settled, endedBy } = await collectUntil<SlotAnswer>({
    slots,
    mode: wish.mode,
    softMs,
    hardMs,
    clock,
    leftovers,
    signal: context.signal,
    isVoid: isUnknownPlace,
  });
  return {
    softMs,
    ends: asked.map(({ slot, available }, index) => {
      const own = slots[index];
      return {
        slot,
        available,
        settled: settled.get(slot.id),
        isCounted: own !== undefined && countsForQuorum(own, slots),
        wasTimeOver: endedBy === 'hard_deadline',
      };
    }),
    left: plan.left.map((left) => ({
      left,
      available: left.operation === undefined ? [] : listOf(left.operation, left.args ?? {}),
    })),
  };
}

interface RunParts {
  readonly wish: SearchWish;
  readonly parts: AskParts;
  readonly context: CallContext;
  readonly deadlineAt: number;
}

function runSlot(slot: Slot, { wish, parts, context, deadlineAt }: RunParts) {
  const operation = parts.operations.get(slot.operation);
  if (!operation) throw new Error(`${slot.category} plans ${slot.operation}, which is not among the operations`);
  return (signal: AbortSignal): Promise<SlotAnswer> => {
    const call: SlotCall = {
      args: slot.args,
      limit: wish.limits.perCategory,
      language: wish.language,
      routing: slot.provider === undefined ? wish.routing : pin(wish.routing, slot.provider),
      context: {
        ...context,
        signal,
        deadlineAt,
        // Every category answers in the language of the search, and its headers are not those of the whole.
        principal: { ...context.principal, lang: wish.language },
        setHeader: () => {},
      },
    };
    return operation.ask(call);
  };
}

function pin(routing: RoutingOptions | undefined, provider: string): RoutingOptions {
  const { order = [], ignore = [], deadlineMs: wantedMs } = routing ?? {};
  return create(RoutingOptionsSchema, { only: [provider], order, ignore, deadlineMs: wantedMs });
}
