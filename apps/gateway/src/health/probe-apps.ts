import { createServiceClient, requestNames, type GrpcChannel } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { internalScope, type PrincipalMinter } from '@universal-api/principal';
import { pathOf } from '@universal-api/protos';
import { ProbeService } from '@universal-api/protos/gen/uapi/health/v1/health_pb';
import { dependencyStates, type DependencyHealth, type DependencyStatus } from '@universal-api/service';

/** The parts of one app, by name. */
export type AppParts = ReadonlyMap<string, DependencyHealth>;

/** Asks one app behind the gateway what it stands on. Never rejects: an app that does not answer has one part, `grpc`. */
export type ProbeApp = () => Promise<AppParts>;

/** What is needed to ask in our own name. */
export interface ProbeAppParts {
  readonly app: string;
  readonly channel: GrpcChannel;
  readonly principals: PrincipalMinter;
  readonly newId: () => string;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Longer than the app gives its own parts, so that their answer still comes, ms. */
const withinMs = 2_500;

/** Asks by `uapi.health.v1.ProbeService`, as `system` in tenant `sys`. */
export function probeApp({ app, channel, principals, newId, clock }: ProbeAppParts): ProbeApp {
  const probes = createServiceClient(channel, ProbeService);
  const method = pathOf(ProbeService.method.probe);
  return async () => {
    const id = newId();
    const principal = principals.mint({
      audience: app,
      method,
      claims: {
        tid: systemTenantId,
        sub: 'gateway',
        typ: 'system',
        scp: [internalScope],
        plan: 'unlimited',
        mode: 'live',
        pri: 'critical',
        rid: id,
        cid: id,
      },
    });
    const metadata = { [requestNames.principal]: principal, [requestNames.requestId]: id, [requestNames.callId]: id };
    const startedAt = performance.now();
    try {
      const { parts } = await probes.probe({}, { deadlineAt: clock() + withinMs, metadata });
      const entries = Object.entries(parts).map(([name, part]) => {
        const { latencyMs, detailCode } = part;
        const checkedAt = part.checkedAt ? toMs(part.checkedAt) : clock();
        return [name, { status: readStatus(part.status), latencyMs, checkedAt, detailCode }] as const;
      });
      return new Map(entries);
    } catch {
      // Why is in the log of the app, or nowhere; here it counts that nobody answered.
      const latencyMs = Math.round(performance.now() - startedAt);
      return new Map([['grpc', { status: 'unhealthy', latencyMs, checkedAt: clock(), detailCode: 'unreachable' }]]);
    }
  };
}

function toMs({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): number {
  return Number(seconds) * 1_000 + Math.round(nanos / 1_000_000);
}

/** A word that this version does not know is no good news. */
function readStatus(word: string): DependencyStatus {
  return dependencyStates.find((known) => known === word) ?? 'unhealthy';
}
