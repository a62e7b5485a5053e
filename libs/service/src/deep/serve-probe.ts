import type { CallContext } from '@universal-api/grpc';
import { timestampFromMs, type AnyHandler } from '@universal-api/protos';
import { ProbeService } from '@universal-api/protos/gen/uapi/health/v1/health_pb';
import type { Dependency } from './dependency.ts';
import { probeDependencies } from './probe-dependencies.ts';

/** What an app stands on, asked anew each time, since some of it comes and goes. */
export type ListDependencies = () => readonly Dependency[];

/** `uapi.health.v1.ProbeService`, which every app serves beside its own services; for the gateway only (scope `internal`). */
export function probeService(
  list: ListDependencies,
  now: () => number,
): Readonly<Record<string, Readonly<Record<string, AnyHandler<CallContext>>>>> {
  return {
    [ProbeService.typeName]: {
      probe: async () => {
        const found = await probeDependencies(list(), { now });
        const parts = [...found].map(([name, { checkedAt, ...entry }]) => [
          name,
          { ...entry, checkedAt: timestampFromMs(checkedAt) },
        ]);
        return { parts: Object.fromEntries(parts) };
      },
    },
  };
}
