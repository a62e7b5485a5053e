import type { DescMessage } from '@universal-api/protos';
import type { BindFaults } from './bind-faults.ts';
import { findPath, type TextSetter } from './set-field.ts';

/** How the texts of a query or form reach a message. */
export interface QueryBinding {
  readonly schema: DescMessage;
  readonly setter: TextSetter;
  readonly faults: BindFaults;
  /** Field that the body fills: no parameter may name it; empty for none, `*` when the body is the whole message. */
  readonly body: string;
}

/**
 * Binds `a=1&b.c=2` to a message: dotted paths, either spelling of a name, `+` for a space. Unknown names, second values and
 * malformed ones go to the faults.
 */
export function bindQuery(text: string, binding: QueryBinding): void {
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equalsAt = pair.indexOf('=');
    const name = decode(equalsAt < 0 ? pair : pair.slice(0, equalsAt));
    const value = equalsAt < 0 ? '' : decode(pair.slice(equalsAt + 1));
    if (name === undefined || value === undefined) {
      binding.faults.wrong(name ?? 'query', 'percent-encoded UTF-8');
      continue;
    }
    const path = binding.body === '*' ? undefined : findPath(binding.schema, name);
    if (!path) binding.faults.unknown(name);
    else if (path[0]?.name === binding.body) binding.faults.wrong(name, 'belongs in the body');
    else binding.setter.set(path, value);
  }
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined; // Reported by the caller, which knows the name.
  }
}
