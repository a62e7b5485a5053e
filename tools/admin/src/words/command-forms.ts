import { plans, credentialPools, roleScopes } from '@universal-api/principal';
import { logLevels } from '@universal-api/logging';

/** What may stand behind a `--name`. */
export interface OptionForm {
  /** How its value is written of, such as `<role>`; absent: it takes none. */
  readonly value?: string;
  /** The words it may be; absent: any. */
  readonly oneOf?: readonly string[];
  readonly isNeeded?: true;
}

/** How a command is written. */
export interface CommandForm {
  /** Words that follow the name, each needed, such as `email`. */
  readonly takes: readonly string[];
  readonly options: Readonly<Record<string, OptionForm>>;
  /** What it does, in a line. */
  readonly about: string;
}

const tenant = { value: '<tenant>' } as const;
const reason = { value: '<text>' } as const;
const plan = { value: '<plan>', oneOf: plans } as const;
const pool = { value: '<pool>', oneOf: credentialPools } as const;
const role = { value: '<role>', oneOf: Object.keys(roleScopes) } as const;

function form(about: string, takes: readonly string[] = [], options: CommandForm['options'] = {}): CommandForm {
  return { about, takes, options };
}

/** Commands that work on the stores themselves, in the order in which a new installation runs them. */
export const storeForms = {
  'secrets init': form('makes the secrets that are missing, one file each', [], {
    folder: { value: '<folder>' },
    'database-url': { value: '<url>' },
  }),
  migrate: form('brings the database of DATABASE_URL up to this version'),
  'topics apply': form('makes the topics on the Kafka of KAFKA_BROKERS'),
  bootstrap: form('makes the first API key in the database of DATABASE_URL, and shows it once'),
} as const satisfies Readonly<Record<string, CommandForm>>;

/** Commands that speak to the auth service of a running installation. */
export const serviceForms = {
  'tenant create': form('makes a tenant', ['name'], { slug: { value: '<slug>' }, plan, pool }),
  'tenant list': form('shows every tenant'),
  'tenant suspend': form('nothing of the tenant works until it is resumed', ['tenant'], {
    reason: { ...reason, isNeeded: true },
  }),
  'tenant resume': form('a suspended tenant works again', ['tenant']),
  'tenant plan': form('changes the plan, and whose provider credentials may be used', ['tenant', 'plan'], { pool }),
  'user invite': form('invites an address into a tenant', ['email'], { role: { ...role, isNeeded: true }, tenant }),
  'user link': form('shows the newest link that waits for an address', ['email']),
  'user operator': form('makes a user an operator of the installation, or with --off no more', ['email'], {
    off: {},
    reason,
  }),
  'key create': form('makes a key of the tenant, and shows it once', ['name'], {
    scopes: { value: '<scope,…>' },
    role,
    mode: { value: '<mode>', oneOf: ['live', 'test'] },
    'expires-in-days': { value: '<days>' },
    'never-expires': {},
    'ip-allow': { value: '<network,…>' },
    'budget-nano-usd-month': { value: '<amount>' },
    tenant,
  }),
  'key list': form('shows the keys of a tenant', [], {
    state: { value: '<state>', oneOf: ['active', 'rotated', 'revoked', 'expired'] },
    tenant,
  }),
  'key rotate': form('makes the next key of a lineage, and shows it once', ['key'], {
    'overlap-s': { value: '<seconds>' },
    tenant,
  }),
  'key revoke': form('ends a key everywhere', ['key'], { reason, tenant }),
  'signing rotate': form('signs access tokens with a new key as soon as all know it'),
  'signing list': form('shows the keys that sign access tokens'),
  'limits show': form('shows the rate policies of a tenant and where each comes from', [], {
    class: { value: '<class>' },
    tenant,
  }),
  'limits set': form('sets a rate policy of a tenant, or with `default` none again', ['policy', 'units'], { tenant }),
  'ledger verify': form('adds up the bookings of every account'),
  'audit verify': form('works the chain of a tenant out again', [], {
    from: { value: '<place>' },
    to: { value: '<place>' },
    tenant,
  }),
  'audit list': form('shows the last rows of a chain', [], {
    action: { value: '<action>' },
    count: { value: '<rows>' },
    tenant,
  }),
  'log-level': form('sets the log level of an app for a while', ['app', 'level'], { 'ttl-s': { value: '<seconds>' } }),
} as const satisfies Readonly<Record<string, CommandForm>>;

/** Commands that ask nobody. */
export const localForms = {
  config: form('shows each variable that `npm start` reads, and where its value comes from'),
} as const satisfies Readonly<Record<string, CommandForm>>;

/** Every command. */
export const commandForms = { ...storeForms, ...serviceForms, ...localForms };

/** One of the commands. */
export type CommandName = keyof typeof commandForms;

/** One of the commands that speak to the auth service. */
export type ServiceCommandName = keyof typeof serviceForms;

/** Words of a command that can only be these. */
export const closedWords: Readonly<Record<string, readonly string[]>> = { plan: plans, level: logLevels };
