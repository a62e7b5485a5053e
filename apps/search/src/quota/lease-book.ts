import type { Clock } from '@universal-api/resilience';
import type { NoQuota } from '@universal-api/providers-router';

/** What a process wants of a tenant's calls, and gives back. */
export interface LeaseWish {
  /** UUID. */
  readonly tenantId: string;
  /** The lease before. */
  readonly leaseId?: string;
  /** Its units that were not used. */
  readonly returned: number;
  /** 0: only give back. */
  readonly wanted?: 0;
}

/** What it may use. */
export interface LeaseGrant {
  /** The tenant has no quota. */
  readonly unlimited: boolean;
  readonly leaseId?: string;
  /** 0: the quota is used up. */
  readonly granted: number;
  /** ms since the epoch. */
  readonly until?: number;
  /** When the quota begins again, ms since the epoch. */
  readonly resetsAt?: number;
}

/** Asks the ledger. Errors: any, when it is out of reach. */
export type TakeLease = (wish: LeaseWish) => Promise<LeaseGrant>;

/** A unit that was taken, and how to put it back while its lease lasts. */
export type Unit = { readonly isHeld: true; putBack(): void } | NoQuota;

/** Units of tenants that are at hand. */
export interface LeaseBook {
  /** One unit: at once while a lease lasts, else after asking the ledger, once for all who wait. Never throws. */
  take(tenantId: string): Unit | Promise<Unit>;
  /** Gives back what is left of leases that have ended. What is not given back counts as spent. */
  giveBackEnded(): Promise<void>;
  /** Gives back all that is left. */
  giveBackAll(): Promise<void>;
}

/** Longest life of a lease (platform.md 2.6), and the shortest that is taken for one where clocks differ, ms. */
const [longestMs, shortestMs] = [30_000, 1_000];
/** After so long a used-up quota is asked for again: others may have given back, ms. */
const askAgainMs = 5_000;
/** After so long a ledger is asked again that was out of reach, ms. */
const retryMs = 1_000;

interface Lease {
  readonly id: string;
  left: number;
  /** By our own clock, ms since the epoch. */
  until: number;
}

interface Tenant {
  readonly id: string;
  lease?: Lease | undefined;
  /** Without a quota until then. */
  freeUntil: number;
  none?: { readonly quota: NoQuota; readonly until: number } | undefined;
  asking?: Promise<void> | undefined;
}

const freeUnit: Unit = { isHeld: true, putBack: () => {} };

/** Leases of calls, kept for all tenants of this process. */
export function createLeaseBook({
  takeLease,
  clock,
}: {
  readonly takeLease: TakeLease;
  readonly clock: Clock;
}): LeaseBook {
  const tenants = new Map<string, Tenant>();

  function takeNow(tenant: Tenant): Unit | undefined {
    const now = clock.now();
    if (tenant.freeUntil > now) return freeUnit;
    const { lease, none } = tenant;
    if (lease && lease.left > 0 && lease.until > now) {
      lease.left -= 1;
      return { isHeld: true, putBack: () => void (lease.left += 1) };
    }
    return none && none.until > now ? none.quota : undefined;
  }

  async function takeLater(tenant: Tenant): Promise<Unit> {
    for (;;) {
      await askOnce(tenant);
      const unit = takeNow(tenant);
      if (unit) return unit;
    }
  }

  function askOnce(tenant: Tenant, wanted?: 0): Promise<void> {
    tenant.asking ??= renew(tenant, wanted).finally(() => {
      tenant.asking = undefined;
    });
    return tenant.asking;
  }

  async function renew(tenant: Tenant, wanted?: 0): Promise<void> {
    const { lease: before } = tenant;
    const askedAt = clock.now();
    // From here on nothing more is taken from it or put back into it that anybody would hear of.
    tenant.lease = undefined;
    const gives = before && { leaseId: before.id, returned: before.left };
    try {
      const wish = { tenantId: tenant.id, returned: 0, ...gives, ...(wanted === 0 && { wanted }) };
      note(tenant, await takeLease(wish), { askedAt, wanted });
    } catch {
      // Given back with the next question; the ledger books it once, however often it hears of it.
      tenant.lease = before && { ...before, until: 0 };
      const availableAt = askedAt + retryMs;
      tenant.none = { quota: { isHeld: false, reason: 'slots_unavailable', availableAt }, until: availableAt };
    }
  }

  async function giveBack(tenant: Tenant): Promise<void> {
    await askOnce(tenant, 0);
    if (!tenant.lease && !tenant.asking) tenants.delete(tenant.id);
  }

  const giveBackOf = (ended: readonly Tenant[]) => Promise.all(ended.map(giveBack)).then(() => {});

  return {
    take(tenantId) {
      let tenant = tenants.get(tenantId);
      if (!tenant) {
        tenant = { id: tenantId, freeUntil: 0 };
        tenants.set(tenantId, tenant);
      }
      return takeNow(tenant) ?? takeLater(tenant);
    },
    giveBackEnded() {
      const now = clock.now();
      const known = [...tenants.values()].filter(({ asking }) => !asking);
      for (const { id, lease, freeUntil, none } of known) {
        if (!lease && freeUntil <= now && (none?.until ?? 0) <= now) tenants.delete(id);
      }
      return giveBackOf(known.filter(({ lease }) => lease && lease.until <= now));
    },
    async giveBackAll() {
      await Promise.all([...tenants.values()].map(({ asking }) => asking));
      await giveBackOf([...tenants.values()].filter(({ lease }) => lease));
    },
  };
}

function note(
  tenant: Tenant,
  { unlimited, leaseId, granted, until, resetsAt }: LeaseGrant,
  { askedAt, wanted }: { readonly askedAt: number; readonly wanted: 0 | undefined },
): void {
  if (wanted === 0) return;
  tenant.none = undefined;
  if (unlimited) tenant.freeUntil = askedAt + longestMs;
  else if (leaseId !== undefined && granted > 0) {
    const lifeMs = Math.min(Math.max((until ?? askedAt) - askedAt, shortestMs), longestMs);
    tenant.lease = { id: leaseId, left: granted, until: askedAt + lifeMs };
  } else {
    const again = askedAt + askAgainMs;
    const availableAt = resetsAt ?? again;
    const isSoon = availableAt > askedAt && availableAt < again;
    tenant.none = { quota: { isHeld: false, reason: 'quota', availableAt }, until: isSoon ? availableAt : again };
  }
}
