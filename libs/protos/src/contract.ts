import {
  createFileRegistry,
  fromBinary,
  type DescMethod,
  type DescService,
  type FileRegistry,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { readFileSync } from 'node:fs';
import { checkMethods } from './check-methods.ts';

/** All that is known of a set of protos: from it come servers, clients, routes and documents. */
export interface Contract {
  /** The descriptor image, as `buf build` wrote it, source info included. */
  readonly image: Uint8Array;
  readonly registry: FileRegistry;
  /** Services of ours, by full name, in the order of the image. */
  readonly services: ReadonlyMap<string, DescService>;
}

const imageFile = new URL('../gen/image.binpb', import.meta.url);

/** Reads a descriptor image. Throws when a method of ours lacks `access`. */
export function loadContract(image: Uint8Array): Contract {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const services = new Map<string, DescService>();
  for (const file of registry.files) {
    if (!file.proto.package.startsWith('uapi.')) continue;
    for (const service of file.services) services.set(service.typeName, service);
  }
  checkMethods([...services.values()]);
  return { image, registry, services };
}

let product: Contract | undefined;

/** The product's own contract; read once per process. */
export function productContract(): Contract {
  return (product ??= loadContract(readFileSync(imageFile)));
}

/** Every method of a contract. */
export function methodsOf(contract: Contract): DescMethod[] {
  return [...contract.services.values()].flatMap((service) => service.methods);
}

/** The app that serves a method: the second word of its package, such as `search` in `uapi.search.v1`. */
export function appOf(method: DescMethod | DescService): string {
  const service = method.kind === 'service' ? method : method.parent;
  const app = service.file.proto.package.split('.')[1];
  if (!app) throw new Error(`${service.typeName} has no app in its package`);
  return app;
}

/** Path of a method on the wire, as in `:path` and in the principal's `mth`: `/uapi.search.v1.TimeService/GetTime`. */
export function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
