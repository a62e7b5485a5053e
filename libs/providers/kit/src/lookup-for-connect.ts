import { isIPv6, type LookupFunction } from 'node:net';
import { nameError } from './query-name.ts';
import type { NameResolver } from './resolve-name.ts';

/** The resolver in the shape that `net.connect` and `tls.connect` take as `lookup`. */
export function lookupForConnect(resolver: NameResolver): LookupFunction {
  return (name, options, callback) => {
    resolver.resolve(name).then(
      (addresses) => {
        const entries = addresses
          .map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
          .filter(({ family }) => fits(family, options.family));
        const [first] = entries;
        if (!first) callback(nameError('ENODATA', name), '');
        else if (options.all) callback(null, entries);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function fits(family: number, wanted: number | string | undefined): boolean {
  return !wanted || family === wanted || `IPv${family}` === wanted;
}
