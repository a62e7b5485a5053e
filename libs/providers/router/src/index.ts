export { agreementOf, circularMean, median, mostCommon, type Agreement, type AgreementLimits } from './agree-facts.ts';
export { joinMeta, type KeptAnswer } from './build-meta.ts';
export { createCallSlots, type CallSlots, type CallSlotTables } from './quota/call-slots.ts';
export type { CallQuota, NoQuota, QuotaHold } from './quota/call-quota.ts';
export { configureProviders, type ConfigurationSource, type ConfiguredProvider } from './configure-providers.ts';
export { providersMigrations } from './migrations.ts';
export type { Availability } from './candidates/list-availability.ts';
export { leftOutReasons, type LeftOut, type LeftOutReason } from './candidates/reasons.ts';
export { resolveHomes, type ResolvedEntry } from './resolve-homes.ts';
export { createRouter, type Router, type RouterParts } from './route-call.ts';
export type {
  AnswerMeta,
  AttemptFacts,
  AttemptRecord,
  CallOrigin,
  Coverage,
  Degradation,
  RouteQuestion,
  Routed,
  Wishes,
} from './route-question.ts';
export { waitForAnyS, type Waiting } from './candidates/wait-for-any.ts';
