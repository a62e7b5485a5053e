import { AppError } from '@universal-api/errors';
import { createGrpcChannel, requestNames, type GrpcChannel } from '@universal-api/grpc';
import { defaultTenantId } from '@universal-api/ids';
import {
  createPrincipalMinter,
  type CredentialPool,
  type KeyRing,
  type Plan,
  type PrincipalClaims,
  type PrincipalMinter,
} from '@universal-api/principal';
import {
  appOf,
  create,
  methodRules,
  pathOf,
  productContract,
  type DescMethod,
  type DescService,
  type Message,
  type ServiceClient,
} from '@universal-api/protos';
import { UnreachableError } from './unreachable-error.ts';

/** A tenant that a call acts in. */
export interface ActingTenant {
  /** UUID. */
  readonly tenantId: string;
  readonly plan: Plan;
  readonly pool: CredentialPool;
}

/** How one call is made. */
export interface AdminCall {
  /** Tenant that it acts in; absent: `default`. */
  readonly tenant?: ActingTenant;
  /** Scopes beside the one that the method asks for: what a key or a member gets has to be held. */
  readonly holds?: readonly string[];
  /** Longest wait, ms; 10,000 unless told. */
  readonly withinMs?: number;
}

/** The auth service, as the command line speaks to it. */
export interface AuthLine {
  /** Calls of a service. Errors: the service's own `AppError`; `UnreachableError`. */
  to<S extends DescService>(service: S): ServiceClient<S, AdminCall>;
  close(): void;
}

/** What the line is made of. */
export interface AuthLineParts {
  /** `host:port` of the auth service. */
  readonly address: string;
  /** Keys that the installation may run with; the first that the service knows is kept. */
  readonly keys: readonly [KeyRing, ...KeyRing[]];
  /** User of the operating system: audit names `cli:<user>`. */
  readonly user: string;
  readonly clock: () => number;
  readonly newId: () => string;
}

const usualMs = 10_000;
const nobody: ActingTenant = { tenantId: defaultTenantId, plan: 'unlimited', pool: 'shared' };

/** Opens the line; nothing is sent before the first call. */
export function openAuthLine(parts: AuthLineParts): AuthLine {
  const channel = createGrpcChannel(productContract(), parts.address);
  const minters = parts.keys.map((keys) => createPrincipalMinter({ keys, issuer: 'admin', clock: parts.clock }));
  const ask = async (method: DescMethod, request: Record<string, unknown>, call: AdminCall): Promise<Message> => {
    for (;;) {
      try {
        return await callOnce({ ...parts, channel }, minters, { method, request, call });
      } catch (thrown) {
        // A principal under another installation's key was refused before anything was done.
        if (AppError.is(thrown) && thrown.code === 'unauthenticated' && minters.length > 1) minters.shift();
        else throw thrown;
      }
    }
  };
  return {
    to: (service) =>
      Object.fromEntries(
        service.methods.map((method) => [
          method.localName,
          (request: Record<string, unknown>, call: AdminCall) => ask(method, request, call),
        ]),
      ) as never,
    close: () => channel.close(),
  };
}

async function callOnce(
  parts: AuthLineParts & { readonly channel: GrpcChannel },
  [minter]: readonly PrincipalMinter[],
  { method, request, call }: { method: DescMethod; request: Record<string, unknown>; call: AdminCall },
): Promise<Message> {
  const claims = claimsOf(parts, method, call);
  const principal = minter?.mint({ audience: appOf(method), method: pathOf(method), claims }) ?? '';
  const metadata = {
    [requestNames.principal]: principal,
    [requestNames.requestId]: claims.rid,
    [requestNames.callId]: claims.cid,
  };
  const deadlineAt = parts.clock() + (call.withinMs ?? usualMs);
  try {
    const answer = await parts.channel.unary(method, create(method.input, request as never), { deadlineAt, metadata });
    return answer.message;
  } catch (thrown) {
    if (isSilence(thrown)) throw silence(parts.address, thrown);
    // What failed inside is told to nobody; its log has it under this request.
    if (AppError.is(thrown) && thrown.code === 'internal')
      throw new AppError('internal', { detail: `The auth service failed in request ${claims.rid}.`, cause: thrown });
    throw thrown;
  }
}

function claimsOf({ user, newId }: AuthLineParts, method: DescMethod, call: AdminCall): PrincipalClaims {
  const { tenantId, plan, pool } = call.tenant ?? nobody;
  const id = newId();
  return {
    tid: tenantId,
    sub: `cli:${user}`,
    typ: 'system',
    scp: [...new Set([methodRules(method).scope, ...(call.holds ?? [])])],
    plan,
    pool,
    mode: 'live',
    pri: 'critical',
    rid: id,
    cid: id,
  };
}

/** Whether there was no answer of the service itself: what it says comes with a problem in its trailers. */
function isSilence(thrown: unknown): boolean {
  if (!AppError.is(thrown) || !['service_unavailable', 'deadline_exceeded'].includes(thrown.code)) return false;
  const { metadata } = thrown.cause as { metadata?: { get(name: string): unknown[] } };
  return (metadata?.get('grpc-status-details-bin') ?? []).length === 0;
}

function silence(address: string, cause: unknown): UnreachableError {
  return new UnreachableError(
    `The auth service does not answer at ${address}. Start the installation, or name the address in UAPI_AUTH_ADDR.`,
    { cause },
  );
}
