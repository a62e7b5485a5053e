import { AppError } from '@universal-api/errors';
import { requestNames, type GrpcChannel } from '@universal-api/grpc';
import { hasScope, type PrincipalVerifier } from '@universal-api/principal';
import { create, methodRules, pathOf, timestampFromMs } from '@universal-api/protos';
import { GetDeepHealthResponseSchema, HealthService } from '@universal-api/protos/gen/uapi/health/v1/health_pb';
import type { AppFound, DeepHealth } from './ask-deep-health.ts';

/**
 * `uapi.health.v1.HealthService` as the transcoder calls any service, answered in this process. The caller is checked as a service
 * does it. Unhealthy is an answer with status 503.
 */
export function createHealthChannel(ask: () => Promise<DeepHealth>, principals: PrincipalVerifier): GrpcChannel {
  const served = HealthService.method.getDeepHealth;
  const absent = () => new AppError('internal', { internal: 'the gateway itself serves deep health alone' });
  return {
    async unary(method, _request, { metadata }) {
      if (pathOf(method) !== pathOf(served)) throw absent();
      const principal = await principals.verify(metadata[requestNames.principal], pathOf(served));
      const { scope } = methodRules(served);
      if (!hasScope(principal.scp, scope)) {
        throw new AppError('permission_denied', { detail: `This needs the scope ${scope}.` });
      }
      const found = await ask();
      const headers: Record<string, string> = found.status === 'unhealthy' ? { 'x-http-status': '503' } : {};
      return { message: create(GetDeepHealthResponseSchema, toMessage(found)), headers };
    },
    stream() {
      throw absent();
    },
    close: () => {},
  };
}

function toMessage({ status, askedAt, apps }: DeepHealth) {
  const entries = [...apps].map(([app, found]) => [app, toApp(found)] as const);
  return { status, checkedAt: timestampFromMs(askedAt), apps: Object.fromEntries(entries) };
}

function toApp({ status, parts }: AppFound) {
  const entries = [...parts].map(([name, { checkedAt, ...part }]) => [
    name,
    { ...part, checkedAt: timestampFromMs(checkedAt) },
  ]);
  return { status, parts: Object.fromEntries(entries) };
}
