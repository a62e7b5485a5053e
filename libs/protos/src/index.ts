export {
  clone,
  ScalarType,
  create,
  equals,
  fromBinary,
  fromJson,
  isMessage,
  toBinary,
  toJson,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescOneof,
  type DescService,
  type JsonObject,
  type JsonValue,
  type Message,
  type MessageInitShape,
  type MessageShape,
  type FileRegistry,
  type Registry,
} from '@bufbuild/protobuf';
export { reflect } from '@bufbuild/protobuf/reflect';
export {
  FeatureSet_FieldPresence,
  FieldMaskSchema,
  FileDescriptorSetSchema,
  timestampDate,
  timestampFromDate,
  timestampFromMs,
  type Timestamp,
} from '@bufbuild/protobuf/wkt';
export { appOf, loadContract, methodsOf, pathOf, productContract, type Contract } from './contract.ts';
export { complaintsAbout } from './check-methods.ts';
export { commentsOf } from './comments.ts';
export { methodDefinition, packageDefinition, serviceDefinition, type GrpcMethod } from './grpc-definition.ts';
export { httpRules, type HttpRule, type HttpVerb } from './http-rules.ts';
export { defaultsOf, readField } from './read-field.ts';
export {
  Access,
  Idempotency,
  Priority,
  defaultMaxRequestBytes,
  fieldRules,
  messageRules,
  methodRules,
  type FieldRules,
  type MessageRules,
  type MethodRules,
} from './rules.ts';
export type { AnyHandler, ServiceClient, ServiceHandlers } from './service-types.ts';
export { validateMessage } from './validate-message.ts';
