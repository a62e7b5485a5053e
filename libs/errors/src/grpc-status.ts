import { factsOf, type ErrorCode } from './error-codes.ts';

/** Numbers of google.rpc.Code that this product uses. */
export const grpcStatus = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const byHttpStatus: Readonly<Record<number, number>> = {
  400: grpcStatus.invalidArgument,
  401: grpcStatus.unauthenticated,
  403: grpcStatus.permissionDenied,
  404: grpcStatus.notFound,
  409: grpcStatus.aborted,
  413: grpcStatus.invalidArgument,
  414: grpcStatus.invalidArgument,
  415: grpcStatus.invalidArgument,
  422: grpcStatus.failedPrecondition,
  429: grpcStatus.resourceExhausted,
  499: grpcStatus.cancelled,
  500: grpcStatus.internal,
  501: grpcStatus.unimplemented,
  502: grpcStatus.internal,
  503: grpcStatus.failedPrecondition,
  504: grpcStatus.deadlineExceeded,
};

/**
 * Border 2, outward: the gRPC status number of a code. Only `service_unavailable` and `overloaded` become UNAVAILABLE:
 * that status is retried, and an answer that a service decided on would be decided again for nothing.
 */
export function grpcStatusOf(code: ErrorCode): number {
  if (code === 'service_unavailable' || code === 'overloaded') return grpcStatus.unavailable;
  return byHttpStatus[factsOf(code).status] ?? grpcStatus.unknown;
}

const byGrpcStatus: Readonly<Record<number, ErrorCode>> = {
  [grpcStatus.cancelled]: 'cancelled',
  [grpcStatus.invalidArgument]: 'invalid_request',
  [grpcStatus.deadlineExceeded]: 'deadline_exceeded',
  [grpcStatus.notFound]: 'not_found',
  [grpcStatus.permissionDenied]: 'permission_denied',
  [grpcStatus.resourceExhausted]: 'overloaded',
  [grpcStatus.unimplemented]: 'unimplemented',
  [grpcStatus.unavailable]: 'service_unavailable',
  [grpcStatus.unauthenticated]: 'internal',
};

/** Border 2, inward: the code of a gRPC status that came without a problem of ours. A refused principal is our own fault. */
export function codeOfGrpcStatus(status: number): ErrorCode {
  return byGrpcStatus[status] ?? 'internal';
}
