export { joinMeta, type KeptAnswer } from './build-meta.ts';
export { createCallSlots, type CallSlots, type CallSlotTables } from './quota/call-slots.ts';
export { configureProviders, type ConfigurationSource, type ConfiguredProvider } from './configure-providers.ts';
export { providersMigrations } from './migrations.ts';
export { leftOutReasons, type LeftOut, type LeftOutReason } from './candidates/reasons.ts';
export { createRouter, type Router, type RouterParts } from './route-call.ts';
export type {
  AnswerMeta,
  AttemptRecord,
  Coverage,
  Degradation,
  RouteQuestion,
  Routed,
  Wishes,
} from './route-question.ts';
