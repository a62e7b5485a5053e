import { accountVariables, sessionVariables } from '@universal-api/auth/compose';
import { z } from '@universal-api/config';
import { edgeVariables } from '@universal-api/gateway/config';
import { defaultPolicies, rateVariableOf } from '@universal-api/limits';
import { egressVariables } from '@universal-api/search/config';
import { standaloneVariables } from '@universal-api/standalone/config';

/**
 * The variables that `npm start` reads, `RL_*` and those of single providers aside. Joined here once more, and compared by a test,
 * since what joins them there brings every app into the image of these commands.
 */
export const productVariables: z.ZodObject = z.object({
  ...standaloneVariables.shape,
  ...edgeVariables,
  ...egressVariables,
  ...sessionVariables,
  ...accountVariables,
});

/** Every `RL_*` variable that exists, one per policy. */
export function rateVariables(): string[] {
  return Object.keys(defaultPolicies()).map(rateVariableOf);
}
