import { AppError } from '@universal-api/errors';

/** How many calls may be under way at once. */
export interface AdmissionOptions {
  /** `MAX_IN_FLIGHT`. */
  readonly maxInFlight: number;
  /** `SHED_RESERVED`: share of the slots that only critical methods may take, 0..1. */
  readonly reservedShare: number;
  /** Whether the process is strained (loop delay, heap): then only critical calls get in. */
  readonly isStrained?: () => boolean;
}

/** Share of all slots that one tenant may hold (platform.md 6.3). */
const tenantShare = 0.25;

/** Hands out the slots of the gateway. */
export interface Admission {
  /**
   * Takes a slot and answers how to leave it; `overloaded` when there is none, or when the tenant holds a quarter of all
   * already (no tenant: no such bound). Costs nothing but a comparison.
   */
  enter(isCritical: boolean, tenant?: string): () => void;
  inFlight(): number;
}

/** A fixed number of slots, some of them kept for identity and health (platform.md 6.3). */
export function createAdmission({ maxInFlight, reservedShare, isStrained = () => false }: AdmissionOptions): Admission {
  const forNormal = Math.floor(maxInFlight * (1 - reservedShare));
  const forTenant = Math.max(1, Math.floor(maxInFlight * tenantShare));
  const byTenant = new Map<string, number>();
  const leaveTenant = (tenant: string) => {
    const left = (byTenant.get(tenant) ?? 1) - 1;
    if (left > 0) byTenant.set(tenant, left);
    else byTenant.delete(tenant);
  };
  let inFlight = 0;
  return {
    inFlight: () => inFlight,
    enter(isCritical, tenant) {
      if (inFlight >= (isCritical ? maxInFlight : forNormal) || (!isCritical && isStrained())) {
        throw new AppError('overloaded', { retryAfterS: 1 });
      }
      const held = tenant === undefined ? 0 : (byTenant.get(tenant) ?? 0);
      if (held >= forTenant) throw new AppError('overloaded', { retryAfterS: 1 });
      if (tenant !== undefined) byTenant.set(tenant, held + 1);
      inFlight += 1;
      let isInside = true;
      return () => {
        if (!isInside) return;
        isInside = false;
        inFlight -= 1;
        if (tenant !== undefined) leaveTenant(tenant);
      };
    },
  };
}
