import { AppError, isErrorCode } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { AnyHandler } from '@universal-api/protos';
import { once } from 'node:events';
import type { TestProbe } from './thing-service.ts';

interface FormRequest {
  readonly username?: string;
  readonly amount?: number;
  readonly topics: string[];
}

/** Handlers of `uapi.testing.v1.EchoService`: they answer what arrived, or fail as asked. */
export function createEchoService(probe: TestProbe, clock: () => number): Record<string, AnyHandler<CallContext>> {
  return {
    echoFields: async ({ fields, topText, pageSize, routing }: Record<string, unknown>) => {
      return { fields, topText, pageSize, routing };
    },
    echoPath: async ({ path }: { path: string }) => ({ path }),
    echoContext: async (_request: unknown, context: CallContext) => ({
      principal: JSON.stringify(context.principal),
      requestId: context.requestId,
      callId: context.callId,
      traceparent: context.traceparent,
      depth: context.depth,
      userAgent: context.userAgent,
      cookie: context.cookie,
      remainingMs: context.deadlineAt - clock(),
    }),
    async submitForm({ username, amount, topics }: FormRequest, context: CallContext) {
      context.setHeader('set-cookie', 'seen=1; HttpOnly; Path=/');
      return { username: username ?? '', amount, topics, cookie: context.cookie ?? '' };
    },
    countItems: async ({ items }: { items: string[] }) => ({ count: items.length }),
    async fail({ code, errors }: { code: string; errors: number }) {
      if (!isErrorCode(code)) throw new Error('secret of the inside');
      const rule = 'x'.repeat(80);
      throw new AppError(code, {
        internal: 'secret of the inside',
        errors: Array.from({ length: errors }, (_, index) => ({ field: `field_${index}`, rule })),
      });
    },
    async hold(_request: unknown, context: CallContext) {
      probe.onCall?.(context);
      if (!context.signal.aborted) await once(context.signal, 'abort');
      return {};
    },
  };
}
