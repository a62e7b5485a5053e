import { secret, z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';

/** Variables of the auth service when it runs alone. */
export const authVariables = z.object({
  ...serviceVariables({ grpc: 50055, operations: 9155 }),
  AUTH_KEY_PEPPER: secret().describe('Pepper of stored API keys: v2:<base64>,v1:<base64>, the current one first.'),
});
