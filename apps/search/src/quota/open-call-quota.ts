import { createGrpcChannel, createServiceClient } from '@universal-api/grpc';
import { createPrincipalMinter, type KeyRing } from '@universal-api/principal';
import { productContract, timestampDate, type Timestamp } from '@universal-api/protos';
import { LedgerService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { CallQuota } from '@universal-api/providers-router';
import { createCallAsSystem, type Host, type OwnedParts } from '@universal-api/service';
import { hostname } from 'node:os';
import { countCalls } from './count-calls.ts';
import { createLeaseBook, type TakeLease } from './lease-book.ts';

/** What counting calls needs. */
export interface CallQuotaParts {
  /** `host:port` of the service `auth`, whose ledger it is. */
  readonly authAddress: string;
  readonly internalKeys: KeyRing;
  readonly host: Host;
  readonly owned: OwnedParts;
}

/** A lease is given within this or not at all, ms. */
const withinMs = 2_000;
const giveBackEveryMs = 5_000;

/** Counts the calls of tenants against leases of the ledger; connects with the first call that needs one. */
export function openCallQuota({ authAddress, internalKeys, host, owned }: CallQuotaParts): CallQuota {
  const channel = owned.own('channel to the ledger', createGrpcChannel(productContract(), authAddress));
  const principals = createPrincipalMinter({ keys: internalKeys, issuer: 'search', clock: host.now });
  const callAsSystem = createCallAsSystem({ app: 'search', principals, newId: host.newId, clock: host.now });
  const ledger = createServiceClient(channel, LedgerService);
  const holder = `${hostname()}:${process.pid}`.slice(-64);
  const log = host.log.part('search');
  const takeLease: TakeLease = async (wish) => {
    try {
      const options = callAsSystem(LedgerService.method.lease, withinMs);
      const { unlimited, leaseId, granted, until, resetsAt } = await ledger.lease(
        { ...wish, unit: 'calls', holder },
        options,
      );
      return {
        ...{ unlimited, granted },
        ...(leaseId !== undefined && { leaseId }),
        ...(until && { until: toMs(until) }),
        ...(resetsAt && { resetsAt: toMs(resetsAt) }),
      };
    } catch (error) {
      log.warn('the ledger gave no lease of calls', { tenant: wish.tenantId, err: error });
      throw error;
    }
  };
  const leases = createLeaseBook({ takeLease, clock: { now: host.now } });
  const timer = setInterval(() => void leases.giveBackEnded(), giveBackEveryMs);
  timer.unref();
  owned.own('leases of calls', {
    async close() {
      clearInterval(timer);
      await leases.giveBackAll();
    },
  });
  return countCalls(leases);
}

const toMs = (time: Timestamp) => timestampDate(time).getTime();
