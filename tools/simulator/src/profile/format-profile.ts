import type { Profile } from './profile.ts';

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** The text of a profile; `parseProfile` reads it back. */
export function formatProfile({ latency, stall, quotas, faults }: Profile): string {
  return [
    ...(latency ? [`latency(${latency.p50Ms},${latency.p90Ms})`] : []),
    ...(stall ? [`stall(${stall.probability},${stall.ms})`] : []),
    ...quotas.map(({ limit, windowS }) => `quota(${limit}/${formatWindow(windowS)})`),
    ...faults.map(({ kind, probability }) => `fault(${kind},${probability})`),
  ].join(' ');
}

function formatWindow(windowS: number): string {
  const [unit, seconds] = units.find(([, length]) => windowS % length === 0) ?? ['s', 1];
  return `${windowS / seconds}${unit}`;
}
