const minuteS = 60;
const hourS = 3_600;

/** Units in each window of whole seconds. */
export interface Rate {
  readonly q: number;
  readonly windowS: number;
  /** See `Charge`. */
  readonly kind?: 'log';
}

const perMinute = (q: number): Rate => ({ q, windowS: minuteS });
const perHour = (q: number): Rate => ({ q, windowS: hourS });

/** Policies that hang on who calls, whatever is called (platform.md 2.3). */
export const callerPolicies = {
  'ip-min': perMinute(60),
  'key-min': perMinute(120),
  'user-min': perMinute(120),
  'tenant-min': perMinute(1_000),
  'tenant-hour': perHour(20_000),
} as const satisfies Record<string, Rate>;

/** Policies of single acts around accounts, charged by the service that performs them; partition as the name says. */
export const accountPolicies = {
  'register-ip': perHour(5),
  'reset-account': perHour(3),
  'reset-ip': perHour(10),
  totp: { q: 5, windowS: 15 * minuteS, kind: 'log' },
  'login-pair': { q: 5, windowS: 15 * minuteS, kind: 'log' },
  'login-account': { ...perHour(20), kind: 'log' },
  'login-ip': { ...perHour(100), kind: 'log' },
} as const satisfies Record<string, Rate>;

/** What a class of methods may take in a minute and in an hour. */
export interface ClassRates {
  readonly min?: number;
  readonly hour?: number;
  /** Counted by IP even for a known caller. */
  readonly byIp?: true;
}

/** Classes of methods (proto option `rate_class`); each gives the policies `<class>-min` and `<class>-hour`. */
export const rateClasses = {
  chat: { min: 10, hour: 50 },
  embeddings: { min: 20, hour: 100 },
  aggregated: { min: 20, hour: 100 },
  search: { min: 30, hour: 200 },
  recommendations: { min: 30, hour: 200 },
  quick: { min: 50, hour: 500 },
  lookup: { min: 100, hour: 1_000 },
  learn: { min: 100, hour: 500 },
  video: { min: 5, hour: 20 },
  course: { min: 2, hour: 10 },
  messages: { min: 10, hour: 100 },
  manage: { min: 60, hour: 1_000 },
  publish: { min: 600, hour: 10_000 },
  export: { hour: 5 },
  health: { hour: 10_000, byIp: true },
  introspect: { min: 600 },
} as const satisfies Record<string, ClassRates>;

/** A class of methods. */
export type RateClass = keyof typeof rateClasses;

/** Whether a word names a class; a method whose `rate_class` names none must not start. */
export function isRateClass(word: string): word is RateClass {
  return Object.hasOwn(rateClasses, word);
}

/** By how much a plan multiplies key, user, tenant and class policies; `Infinity` = no rate policy at all. */
export const planMultipliers = {
  free: 1,
  starter: 3,
  pro: 10,
  unlimited: Number.POSITIVE_INFINITY,
} as const satisfies Record<string, number>;

/** What a tenant has signed up for. */
export type Plan = keyof typeof planMultipliers;

/** Whether a word names a plan. */
export function isPlan(word: string): word is Plan {
  return Object.hasOwn(planMultipliers, word);
}

/** The policies of a class, by name. */
export function policiesOfClass(rateClass: RateClass): Readonly<Record<string, Rate>> {
  const { min, hour }: ClassRates = rateClasses[rateClass];
  return {
    ...(min === undefined ? {} : { [`${rateClass}-min`]: perMinute(min) }),
    ...(hour === undefined ? {} : { [`${rateClass}-hour`]: perHour(hour) }),
  };
}

/** Every policy there is, by name, with its rate on plan `free`. */
export function defaultPolicies(): Readonly<Record<string, Rate>> {
  const ofClasses = Object.keys(rateClasses).filter(isRateClass).map(policiesOfClass);
  return Object.assign({}, callerPolicies, accountPolicies, ...ofClasses);
}
