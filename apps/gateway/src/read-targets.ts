import type { z } from '@universal-api/config';
import type { gatewayVariables } from './config.ts';

/** gRPC addresses by app. Those that have no operations yet are left out unless they are named. */
export function readTargets(config: z.output<typeof gatewayVariables>): Readonly<Record<string, string>> {
  const optional = {
    video: config.UAPI_VIDEO_ADDR,
    assistant: config.UAPI_ASSISTANT_ADDR,
    analytics: config.UAPI_ANALYTICS_ADDR,
    webhook: config.UAPI_WEBHOOK_ADDR,
  };
  const named = Object.entries(optional).flatMap(([app, address]) => (address ? [[app, address] as const] : []));
  return { search: config.UAPI_SEARCH_ADDR, auth: config.UAPI_AUTH_ADDR, ...Object.fromEntries(named) };
}
