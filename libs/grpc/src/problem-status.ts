import { Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import {
  AppError,
  codeOfGrpcStatus,
  cutProblem,
  grpcStatusOf,
  isErrorCode,
  toProblem,
  type NextAction,
  type ProblemDetails,
} from '@universal-api/errors';
import { create, fromBinary, toBinary, type MessageShape } from '@universal-api/protos';
import { StatusSchema } from '@universal-api/protos/gen/google/rpc/status_pb';
import { ProblemSchema } from '@universal-api/protos/gen/uapi/common/v1/problem_pb';
import { responseNames } from './metadata-names.ts';

const detailsName = 'grpc-status-details-bin';
const problemUrl = `type.googleapis.com/${ProblemSchema.typeName}`;

/**
 * An error as the status of a gRPC call: one `Problem` in `google.rpc.Status`, cut to 6 KiB; beside it, in the trailers, its headers
 * of the closed list.
 */
export function toStatus(error: AppError, requestId: string): Partial<StatusObject> {
  const problem = cutProblem(toProblem(error.code, requestId, error.details));
  const code = grpcStatusOf(error.code);
  const { 'violated-policies': violatedPolicies, request_id, retry_after, ...rest } = problem;
  const { after_s, ...next } = problem.next;
  const message = create(ProblemSchema, {
    ...rest,
    requestId: request_id,
    retryAfter: retry_after,
    violatedPolicies: [...(violatedPolicies ?? [])],
    errors: (problem.errors ?? []).map((entry) => ({ ...entry })),
    candidates: (problem.candidates ?? []).map((entry) => ({ ...entry })),
    next: { ...next, afterS: after_s },
  });
  const status = create(StatusSchema, {
    code,
    message: problem.title,
    details: [{ typeUrl: problemUrl, value: toBinary(ProblemSchema, message) }],
  });
  const metadata = new Metadata();
  metadata.set(detailsName, Buffer.from(toBinary(StatusSchema, status)));
  for (const name of error.headers ? responseNames : []) {
    const value = error.headers?.[name];
    if (value !== undefined) metadata.set(name, value);
  }
  return { code, details: problem.title, metadata };
}

/** A failed call as our error: the problem inside, else the code of the bare status. */
export function fromStatus(error: ServiceError): AppError {
  const problem = readProblem(error);
  if (problem && isErrorCode(problem.code)) {
    const headers = readHeaders(error);
    return new AppError(problem.code, { ...toDetails(problem), headers, internal: error.message, cause: error });
  }
  return new AppError(codeOfGrpcStatus(error.code), { internal: error.message, cause: error });
}

function readHeaders({ metadata }: ServiceError): Readonly<Record<string, string>> | undefined {
  const entries = responseNames.flatMap((name) => {
    const [value] = metadata.get(name);
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

type ProblemMessage = MessageShape<typeof ProblemSchema>;

function readProblem(error: ServiceError): ProblemMessage | undefined {
  const [bytes] = error.metadata?.get(detailsName) ?? [];
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    const status = fromBinary(StatusSchema, bytes);
    const found = status.details.find((any) => any.typeUrl === problemUrl);
    return found && fromBinary(ProblemSchema, found.value);
  } catch {
    return undefined; // Details that cannot be read say nothing; the status itself still counts.
  }
}

function toDetails(problem: ProblemMessage): ProblemDetails {
  const { next } = problem;
  return {
    detail: problem.detail,
    errors: problem.errors.map(({ field, rule }) => ({ field, rule })),
    candidates: problem.candidates.map(({ provider, reason, variable }) => ({ provider, reason, variable })),
    retryAfterS: problem.retryAfter,
    violatedPolicies: problem.violatedPolicies,
    explain: problem.explain,
    truncated: problem.truncated,
    ...(next
      ? {
          next: {
            action: next.action as NextAction,
            ...(next.field ? { field: next.field } : {}),
            ...(next.afterS === undefined ? {} : { after_s: next.afterS }),
            ...(next.variable ? { variable: next.variable } : {}),
            ...(next.operation ? { operation: next.operation } : {}),
          },
        }
      : {}),
  };
}
