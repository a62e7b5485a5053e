import { underLock } from '../advisory-lock.ts';
import { withDatabase } from '../connection-url.ts';
import { codeOf, refusal } from '../refusal.ts';
import { withClient } from '../with-client.ts';
import { type RoleKind, roleOf } from './service-roles.ts';

/** One kind of role, of the schema that has the tables and of the one that uses them. */
export interface RoleGrant {
  readonly kind: Exclude<RoleKind, 'owner' | 'lookup'>;
  /** Schema whose rights are given. */
  readonly of: string;
  /** Schema whose role of the same kind gets them. */
  readonly to: string;
}

/**
 * Gives `<to>_<kind>` all that `<of>_<kind>` may do (INHERIT), without letting it become that role. Both schemas need their
 * roles (`ensureRoles`). What is already right is not touched.
 *
 * Errors: a refusal that carries the SQL for an administrator, when the login may not grant the role.
 */
export async function grantRole(url: string, { kind, of, to }: RoleGrant): Promise<void> {
  const [given, taker] = [roleOf(of, kind), roleOf(to, kind)];
  await withClient(withDatabase(url, 'postgres'), (client) =>
    underLock(client, 'universal-api.roles', async () => {
      const { rows } = await client.query(
        `SELECT FROM pg_auth_members WHERE roleid = to_regrole($1) AND member = to_regrole($2) AND inherit_option AND NOT set_option`,
        [given, taker],
      );
      if (rows.length > 0) return;
      const statement = `GRANT ${given} TO ${taker} WITH INHERIT TRUE, SET FALSE`;
      try {
        await client.query(statement);
      } catch (error) {
        if (codeOf(error) !== '42501') throw error;
        throw refusal(`The login role may not grant ${given}; let an administrator run:\n  ${statement};\n`, error);
      }
    }),
  );
}
