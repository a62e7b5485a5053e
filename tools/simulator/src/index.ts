export { defaultProfiles } from './profile/default-profiles.ts';
export { findFixtures } from './find-fixtures.ts';
export { formatProfile } from './profile/format-profile.ts';
export { parseProfile } from './profile/parse-profile.ts';
export type { FaultKind, Profile, SimulatedQuota } from './profile/profile.ts';
export type { ProfileTexts } from './profile/profile-table.ts';
export type { OperationStats, UpstreamStats } from './play/create-upstreams.ts';
export { simulatedEnvironment } from './simulated-environment.ts';
export { startSimulator, type Simulator, type SimulatorOptions } from './start-simulator.ts';
