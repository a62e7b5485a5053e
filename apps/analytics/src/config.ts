import { z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';

/** Variables of the analytics service. */
export const analyticsVariables = z.object(serviceVariables({ grpc: 50054, operations: 9154 }));
