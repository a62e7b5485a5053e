export { AppError, type AppErrorOptions } from './app-error.ts';
export {
  errorCodes,
  factsOf,
  isErrorCode,
  type ErrorCode,
  type ErrorCodeFacts,
  type NextAction,
} from './error-codes.ts';
export { codeOfFailure, failureClasses, type FailureClass } from './failure-class.ts';
export { codeOfGrpcStatus, grpcStatus, grpcStatusOf } from './grpc-status.ts';
export {
  cutProblem,
  maxProblemBytes,
  problemTypeOf,
  toProblem,
  type CandidateReason,
  type FieldError,
  type Next,
  type Problem,
  type ProblemDetails,
} from './problem.ts';
