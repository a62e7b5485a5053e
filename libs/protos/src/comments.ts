import type { DescEnum, DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import type { DescFile } from '@bufbuild/protobuf';

type Commented = DescMessage | DescField | DescMethod | DescService | DescEnum;

const byFile = new WeakMap<DescFile, ReadonlyMap<string, string>>();

/** The comment that stands before a declaration in its proto file, as one paragraph; empty when there is none. */
export function commentsOf(of: Commented): string {
  const file = fileOf(of);
  let comments = byFile.get(file);
  if (!comments) {
    const locations = file.proto.sourceCodeInfo?.location ?? [];
    comments = new Map(locations.map((location) => [location.path.join('.'), clean(location.leadingComments)]));
    byFile.set(file, comments);
  }
  return comments.get(pathOf(of).join('.')) ?? '';
}

function fileOf(of: Commented): DescFile {
  return of.kind === 'field' || of.kind === 'rpc' ? of.parent.file : of.file;
}

/** Path of a declaration in its FileDescriptorProto (google/protobuf/descriptor.proto, SourceCodeInfo.Location). */
function pathOf(of: Commented): number[] {
  switch (of.kind) {
    case 'service':
      return [6, of.file.services.indexOf(of)];
    case 'rpc':
      return [...pathOf(of.parent), 2, of.parent.methods.indexOf(of)];
    case 'message':
      return of.parent
        ? [...pathOf(of.parent), 3, of.parent.nestedMessages.indexOf(of)]
        : [4, of.file.messages.indexOf(of)];
    case 'field':
      return [...pathOf(of.parent), 2, of.parent.proto.field.indexOf(of.proto)];
    case 'enum':
      return of.parent ? [...pathOf(of.parent), 4, of.parent.nestedEnums.indexOf(of)] : [5, of.file.enums.indexOf(of)];
  }
}

function clean(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
