import { messageRules, type DescMessage } from '@universal-api/protos';
import type { Schema } from './well-known-schemas.ts';

/** Groups of fields of which one may be given, and whether one must be. */
export interface GroupRule {
  readonly isRequired: boolean;
  /** Names of fields in proto spelling; a group is given whole or not at all. */
  readonly groups: readonly (readonly string[])[];
}

/** What a message says about fields that exclude each other: its rules, when callers send it, and its oneofs. */
export function groupRules(message: DescMessage, hasRules: boolean): GroupRule[] {
  const rules = hasRules ? messageRules(message) : undefined;
  const toGroups = (groups: readonly { readonly fields: readonly string[] }[]) => groups.map(({ fields }) => fields);
  return [
    { isRequired: true, groups: toGroups(rules?.exactlyOneOf ?? []) },
    { isRequired: false, groups: toGroups(rules?.atMostOneOf ?? []) },
    ...message.oneofs.map(({ fields }) => ({ isRequired: false, groups: fields.map(({ name }) => [name]) })),
  ].filter(({ groups }) => groups.length > 0);
}

/** A rule as JSON Schema: exactly one branch of `oneOf` holds. */
export function groupSchema({ isRequired, groups }: GroupRule): Schema {
  const branches: Schema[] = groups.map((group) => {
    const others = groups.flat().filter((name) => !group.includes(name));
    return { required: group, ...(others.length > 0 ? { not: anyGiven(others) } : {}) };
  });
  return { oneOf: isRequired ? branches : [...branches, { not: anyGiven(groups.flat()) }] };
}

/** A rule as a sentence, for parameters, which have no schema in common. */
export function groupSentence({ isRequired, groups }: GroupRule): string {
  const words = groups.map((group) => group.map((name) => `\`${name}\``).join(' and ')).join(', or ');
  return isRequired ? `Give exactly one of: ${words}.` : `Give at most one of: ${words}.`;
}

function anyGiven(names: readonly string[]): Schema {
  return { anyOf: names.map((name) => ({ required: [name] })) };
}
