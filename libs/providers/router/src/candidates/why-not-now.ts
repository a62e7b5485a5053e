import type { ProviderNetwork } from '@universal-api/providers-kit';
import type { Candidate } from './candidate.ts';
import type { LeftOut } from './reasons.ts';

/** What the router asks of the way out. */
export type NetworkView = Pick<ProviderNetwork, 'state' | 'lookUp'>;

/** Why a permitted candidate cannot be asked at this moment; undefined: it can. Counts nothing. */
export function whyNotNow(
  { id, hostNames, guards }: Candidate,
  network: NetworkView,
  now: number,
): LeftOut | undefined {
  if (!guards) return undefined;
  if (hostNames.length > 0 && network.state() === 'offline') return { provider: id, reason: 'offline' };
  if (!guards.breaker.admits()) {
    return { provider: id, reason: 'breaker_open', availableAt: guards.breaker.retryAt() };
  }
  const freeAt = guards.ledger.freeAt(now);
  return freeAt > now ? { provider: id, reason: 'quota', availableAt: freeAt } : undefined;
}
