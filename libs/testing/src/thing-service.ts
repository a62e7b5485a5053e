import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { timestampFromMs, type AnyHandler } from '@universal-api/protos';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/** What a test wants to hear from the test services. */
export interface TestProbe {
  /** A call of `Hold` or `WatchThings` arrived. */
  onCall?(context: CallContext): void;
  /** An event of `WatchThings` was made. */
  onEvent?(): void;
}

interface ThingRequest {
  readonly id: string;
  readonly shelf?: string;
  readonly name: string;
  readonly thing?: { readonly id: string };
  readonly reason: string;
  readonly colour?: string;
  readonly updateMask?: unknown;
}

interface WatchRequest {
  readonly count?: number;
  readonly failAfter?: number;
  readonly refuse: boolean;
  readonly padding: number;
}

const tenMinutesMs = 600_000;

/** Handlers of `uapi.testing.v1.ThingService`: they answer what arrived. `clock` gives ms since the epoch. */
export function createThingService(probe: TestProbe, clock: () => number): Record<string, AnyHandler<CallContext>> {
  return {
    async getThing({ id, shelf }: ThingRequest, context: CallContext) {
      if (id === 'missing') throw new AppError('not_found');
      const asOf = timestampFromMs(clock() - (id === 'old' ? tenMinutesMs : 0));
      const degraded = id === 'poor' ? [{ code: 'param_dropped', detail: 'safe' }] : [];
      const meta = { requestId: context.requestId, provider: 'shelf', asOf, degraded };
      return { thing: { id, labels: { long: id === 'long' ? 'x'.repeat(4_000) : '' } }, shelf: shelf ?? '', meta };
    },
    async createThing({ thing }: ThingRequest, context: CallContext) {
      context.setHeader('location', '/api/v1/testing/things/t1');
      return { thing: { ...thing, id: 't1' }, idempotencyKey: context.idempotencyKey ?? '' };
    },
    updateThing: async ({ thing, updateMask }: ThingRequest) => ({ thing, updateMask }),
    patchSettings: async ({ name, colour, updateMask }: ThingRequest) => ({ name, colour, updateMask }),
    async deleteThing(_request: ThingRequest, context: CallContext) {
      context.setHeader('x-http-status', '204');
      return {};
    },
    cancelThing: async ({ id, reason }: ThingRequest) => ({ id, reason }),
    listNames: async () => ({ names: ['anvil', 'bell'] }),
    watchThings: (request: WatchRequest, context: CallContext) => watch(request, context, probe),
  };
}

/** Numbers its events from `Last-Event-ID` on; `count` 0 is accepted and stays silent until the caller leaves. */
async function* watch(request: WatchRequest, context: CallContext, probe: TestProbe) {
  probe.onCall?.(context);
  if (request.refuse) throw new AppError('conflict', { internal: 'secret of the inside' });
  if (request.count === 0) {
    context.accept();
    await once(context.signal, 'abort');
    return;
  }
  const start = Number(context.lastEventId ?? 0);
  const title = 'x'.repeat(request.padding);
  for (let sent = 0; sent < (request.count ?? Infinity); sent += 1) {
    if (sent === request.failAfter) throw new AppError('provider_unavailable', { internal: 'secret of the inside' });
    const cursor = String(start + sent + 1);
    const event =
      sent % 2 === 0
        ? { case: 'added', value: { id: `t${cursor}`, title } }
        : { case: 'removed', value: { id: `t${cursor}` } };
    probe.onEvent?.();
    yield { cursor, event };
    await setImmediate();
  }
}
