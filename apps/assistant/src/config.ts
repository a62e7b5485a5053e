import { z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';

/** Variables of the assistant service. */
export const assistantVariables = z.object(serviceVariables({ grpc: 50053, operations: 9153 }));
