/** Every image: its name as the build argument `APP`, and the program that it runs. */
export const packableApps = {
  gateway: 'apps/gateway/src/main.ts',
  search: 'apps/search/src/main.ts',
  auth: 'apps/auth/src/main.ts',
  video: 'apps/video/src/main.ts',
  assistant: 'apps/assistant/src/main.ts',
  analytics: 'apps/analytics/src/main.ts',
  webhook: 'apps/webhook/src/main.ts',
  admin: 'tools/admin/src/main.ts',
  simulator: 'tools/simulator/src/main.ts',
} as const;

/** One of those names. */
export type PackableApp = keyof typeof packableApps;

/** Whether there is an image of that name. */
export function isPackable(name: string): name is PackableApp {
  return Object.hasOwn(packableApps, name);
}

/** All of them. */
export const allApps = Object.keys(packableApps).filter(isPackable);
