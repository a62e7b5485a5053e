import { availableParallelism } from 'node:os';
import { integer, oneOf, optionalInteger, optionalText, type z } from '@universal-api/config';
import { plans, type Plan } from '@universal-api/principal';
import type { Registration } from './account-parts.ts';
import { defaultArgonCost, defaultArgonQueue, type HasherSettings } from './passwords/password-hasher.ts';

const registrations = ['open', 'invite', 'closed'] as const satisfies readonly Registration[];

/** Variables of accounts, the same whether auth runs alone or with the others in one process (platform.md 7). */
export const accountVariables = {
  AUTH_REGISTRATION: oneOf(registrations, 'open').describe(
    'Who may make an account: everybody, who holds an invitation, or nobody.',
  ),
  AUTH_DEFAULT_PLAN: oneOf(plans, 'free').describe('Plan of the tenant that comes with a new account.'),
  AUTH_ARGON_M_KIB: integer(defaultArgonCost.memoryKib, { min: defaultArgonCost.memoryKib, max: 1_048_576 }).describe(
    'Memory of a password hash, KiB.',
  ),
  AUTH_ARGON_T: integer(defaultArgonCost.passes, { min: defaultArgonCost.passes, max: 100 }).describe(
    'Passes of a password hash.',
  ),
  AUTH_ARGON_P: integer(defaultArgonCost.parallelism, { min: defaultArgonCost.parallelism, max: 16 }).describe(
    'Lanes of a password hash.',
  ),
  AUTH_ARGON_IN_FLIGHT: optionalInteger({ min: 1, max: 2 }).describe(
    'Password hashes at the same time; unset: half of the cores, two at most.',
  ),
  AUTH_ARGON_QUEUE: integer(defaultArgonQueue, { max: 1_000 }).describe(
    'Password hashes that wait; the next one is told to come back.',
  ),
  AUTH_BREACHED_FILE: optionalText().describe(
    'File of breached passwords: SHA-1 in hex, sorted, one a line (`<hash>` or `<hash>:<count>`); unset: none is asked.',
  ),
};

/** What those variables say. */
export interface AccountConfig {
  readonly registration: Registration;
  readonly defaultPlan: Plan;
  readonly hashing: HasherSettings;
  readonly breachedFile?: string;
}

const mostInFlight = 2;

/** Variables → settings. `cores`: those that the process may use. */
export function toAccountConfig(
  config: z.output<z.ZodObject<typeof accountVariables>>,
  cores: number = availableParallelism(),
): AccountConfig {
  return {
    registration: config.AUTH_REGISTRATION,
    defaultPlan: config.AUTH_DEFAULT_PLAN,
    hashing: {
      memoryKib: config.AUTH_ARGON_M_KIB,
      passes: config.AUTH_ARGON_T,
      parallelism: config.AUTH_ARGON_P,
      inFlight: config.AUTH_ARGON_IN_FLIGHT ?? Math.min(Math.max(1, Math.floor(cores / 2)), mostInFlight),
      queued: config.AUTH_ARGON_QUEUE,
    },
    ...(config.AUTH_BREACHED_FILE === undefined ? {} : { breachedFile: config.AUTH_BREACHED_FILE }),
  };
}
