import { z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';

/** Variables of the video service. */
export const videoVariables = z.object(serviceVariables({ grpc: 50052, operations: 9152 }));
