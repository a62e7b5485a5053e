import {
  openRateLimiter,
  type Dependency,
  type Host,
  type OwnedParts,
  type Readiness,
  type RedisAccess,
} from '@universal-api/service';
import type { RateLimiter, RateOverrides } from '@universal-api/limits';
import type { AccountConfig } from './account-variables.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { joinAccounts, type AccountNeeds, type Accounts } from './join-accounts.ts';
import { keepOutboxClean } from './mail/keep-outbox-clean.ts';
import { mailDependency } from './mail/mail-dependency.ts';
import { openBreachedPasswords } from './passwords/breached-passwords.ts';

/** What accounts are opened with. */
export interface OpenAccountsNeeds extends Omit<
  AccountNeeds,
  'settings' | 'hashing' | 'limiter' | 'overrides' | 'isBreached' | 'endSessions' | 'argon'
> {
  readonly accounts: AccountConfig;
  /** `PUBLIC_BASE_URL`: where links lead. */
  readonly publicBaseUrl: string;
  /** Whether operators may read mail that waits: only in the product of one process. */
  readonly showsOutbox?: boolean | undefined;
  readonly redis?: RedisAccess | undefined;
  readonly rateOverrides?: RateOverrides | undefined;
}

/** What the process gives. */
export interface OpenAccountsHost {
  readonly host: Host;
  readonly owned: OwnedParts;
  readonly readiness: Pick<Readiness, 'add'>;
}

/** Accounts as they run, and what deep health asks of them. */
export interface OpenedAccounts extends Accounts {
  readonly standsOn: readonly Dependency[];
  /** Shared with the gateways where there is a Redis. */
  readonly limiter: RateLimiter;
}

/**
 * Opens what accounts need of their own: limits, the list of breached passwords, the broom of the outbox. Errors: those of
 * `openRateLimiter` and `openBreachedPasswords`.
 */
export async function openAccounts(needs: OpenAccountsNeeds, process: OpenAccountsHost): Promise<OpenedAccounts> {
  const { accounts: config, publicBaseUrl: baseUrl, showsOutbox = false } = needs;
  const { host, owned } = process;
  // Processes of this service without a Redis each count for themselves: what one of them admits, another does not know.
  const limits = await openRateLimiter(needs.redis, { app: 'auth', ...process, liveGateways: () => 1 });
  const breached =
    config.breachedFile === undefined
      ? undefined
      : owned.own('list of breached passwords', await openBreachedPasswords(config.breachedFile));
  const { registration, defaultPlan } = config;
  const accounts = joinAccounts({
    ...needs,
    endSessions,
    hashing: config.hashing,
    limiter: limits.limiter,
    settings: { registration, defaultPlan, baseUrl, showsOutbox },
    ...(needs.rateOverrides === undefined ? {} : { overrides: needs.rateOverrides }),
    ...(breached === undefined ? {} : { isBreached: (password) => breached.has(password) }),
  });
  owned.own('outbox broom', keepOutboxClean(accounts.outbox, host.log));
  return { ...accounts, limiter: limits.limiter, standsOn: [...limits.standsOn, mailDependency(accounts.outbox)] };
}
