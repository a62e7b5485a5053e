import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** The negative fixture: an image in which one method has lost its options. */
export function withoutMethodOptions(image: Uint8Array, methodName: string): Uint8Array {
  const set = fromBinary(FileDescriptorSetSchema, image);
  for (const service of set.file.flatMap((file) => file.service)) {
    for (const method of service.method) if (method.name === methodName) method.options = undefined;
  }
  return toBinary(FileDescriptorSetSchema, set);
}
