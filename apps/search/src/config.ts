import { oneOf, optionalText, optionalUrl, z } from '@universal-api/config';
import { serviceVariables } from '@universal-api/service';

/** Variables about what may leave the installation; those of single providers are read by their manifests. */
export const egressVariables = {
  UAPI_EGRESS: oneOf(['all', 'none'], 'all').describe('none: no remote provider is ever asked.'),
  EGRESS_PROXY: optionalUrl('http', 'https').describe('Proxy for calls to providers.'),
  UAPI_CONTACT: optionalText().describe('Contact (mail or URL) in the User-Agent, as several providers ask.'),
  UAPI_SIMULATOR_URL: optionalUrl('http', 'https').describe('Base URL that stands in for every remote provider.'),
};

/** Variables of the search service when it runs alone. */
export const searchVariables = z.object({
  ...serviceVariables({ grpc: 50051, operations: 9151 }),
  ...egressVariables,
});
