import { z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';

/** Variables of the webhook service. */
export const webhookVariables = z.object(serviceVariables({ grpc: 50056, operations: 9156 }));
