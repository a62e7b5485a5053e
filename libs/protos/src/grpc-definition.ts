import { create, fromBinary, toBinary, type DescMessage, type DescMethod, type Message } from '@bufbuild/protobuf';
import { loadFileDescriptorSetFromBuffer, type PackageDefinition } from '@grpc/proto-loader';
import type { Contract } from './contract.ts';

/** One method as gRPC libraries want it: path, kind and the four (de)serialisers, protobuf-es messages on both ends. */
export interface GrpcMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (message: Message) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Message;
  readonly responseSerialize: (message: Message) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Message;
}

const packages = new WeakMap<Contract, PackageDefinition>();
const methods = new WeakMap<DescMethod, GrpcMethod>();

/** The contract as gRPC reflection wants it. */
export function packageDefinition(contract: Contract): PackageDefinition {
  let definition = packages.get(contract);
  if (!definition) {
    const entries = Object.entries(loadFileDescriptorSetFromBuffer(Buffer.from(contract.image)));
    // Each entry carries all the files, and reflection decodes those of each: one entry says as much for a hundredth of the memory.
    definition = Object.fromEntries(entries.slice(0, 1));
    packages.set(contract, definition);
  }
  return definition;
}

/** The gRPC definition of one method, made once. */
export function methodDefinition(method: DescMethod): GrpcMethod {
  let definition = methods.get(method);
  if (!definition) {
    definition = {
      path: `/${method.parent.typeName}/${method.name}`,
      requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
      responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
      requestSerialize: serializer(method.input),
      requestDeserialize: (bytes) => fromBinary(method.input, bytes),
      responseSerialize: serializer(method.output),
      responseDeserialize: (bytes) => fromBinary(method.output, bytes),
    };
    methods.set(method, definition);
  }
  return definition;
}

/** The gRPC definition of a whole service, by method name. */
export function serviceDefinition(contract: Contract, typeName: string): Record<string, GrpcMethod> {
  const service = contract.services.get(typeName);
  if (!service) throw new Error(`no service ${typeName} in the contract`);
  return Object.fromEntries(service.methods.map((method) => [method.name, methodDefinition(method)]));
}

function serializer(schema: DescMessage) {
  // A handler answers with an init object or a message; `create` is the identity for a message.
  return (value: Message) => Buffer.from(toBinary(schema, create(schema, value)));
}
