import { requestNames, type CallOptionsOut } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { internalScope, type PrincipalMinter } from '@universal-api/principal';
import { appOf, pathOf, type DescMethod } from '@universal-api/protos';

/** What a call to another app needs: a deadline so many ms from now, and who calls. */
export type CallAsSystem = (method: DescMethod, withinMs: number) => Pick<CallOptionsOut, 'deadlineAt' | 'metadata'>;

/** Parts of it. */
export interface CallAsSystemParts {
  /** The app that calls. */
  readonly app: string;
  readonly principals: PrincipalMinter;
  readonly newId: () => string;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Calls in an app's own name, for nobody: as `system` in tenant `sys` (platform.md 1.8). */
export function createCallAsSystem({ app, principals, newId, clock }: CallAsSystemParts): CallAsSystem {
  return (method, withinMs) => {
    const id = newId();
    const principal = principals.mint({
      audience: appOf(method),
      method: pathOf(method),
      claims: {
        tid: systemTenantId,
        sub: app,
        typ: 'system',
        scp: [internalScope],
        plan: 'unlimited',
        mode: 'live',
        pri: 'critical',
        rid: id,
        cid: id,
      },
    });
    const metadata = { [requestNames.principal]: principal, [requestNames.requestId]: id, [requestNames.callId]: id };
    return { deadlineAt: clock() + withinMs, metadata };
  };
}
