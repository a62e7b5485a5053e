import { AppError } from '@universal-api/errors';

/** The kinds of role that each schema has; what each may do is in the README of this lib. */
export const roleKinds = ['owner', 'app', 'ingest', 'worker', 'lookup'] as const;

/** One kind of role. */
export type RoleKind = (typeof roleKinds)[number];

const schemaName = /^[a-z][a-z0-9_]{0,47}$/;
const roleEnding = new RegExp(`_(${roleKinds.join('|')})$`);

/** The role of a schema: `auth`, `app` → `auth_app`. Errors: `internal` for a name that would need quotes in SQL. */
export function roleOf(schema: string, kind: RoleKind): string {
  if (!schemaName.test(schema)) throw new AppError('internal', { internal: `"${schema}" is not a schema name.` });
  return `${schema}_${kind}`;
}

/** The schema that a role works in: `auth_app` → `auth`. Errors: `internal` when the name ends in none of the kinds. */
export function schemaOfRole(role: string): string {
  const schema = role.replace(roleEnding, '');
  if (schema === role || !schemaName.test(schema)) {
    throw new AppError('internal', { internal: `"${role}" is not the role of a schema.` });
  }
  return schema;
}
