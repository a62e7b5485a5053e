import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { Principal } from '@universal-api/principal';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { GetMeRequest, MeSchema, UserSchema } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AccountParts } from '../account-parts.ts';
import { findPlaces, readPerson, type Person, type Place } from '../find-person.ts';
import { readTotp } from '../totp/factor-store.ts';

type Me = MessageInitShape<typeof MeSchema>;

/** Who is calling (E101). Errors: `permission_denied` for nobody in particular and for our own parts. */
export function getMe(parts: Pick<AccountParts, 'database'>) {
  return async (_request: GetMeRequest, { principal }: CallContext): Promise<Me> => describeCaller(parts, principal);
}

/** The caller with everything that the API tells of them. */
export async function describeCaller({ database }: Pick<AccountParts, 'database'>, principal: Principal): Promise<Me> {
  const { typ, tid } = principal;
  if (typ !== 'user' && typ !== 'key') throw new AppError('permission_denied', { detail: 'Nobody is logged in.' });
  const userId = userBehind(principal);
  const known = userId === undefined ? undefined : await readUser(database, userId);
  const tenant = await database.transaction(tid, (tx) =>
    tx.selectFrom('tenants').select('name').where('tenant_id', '=', tid).executeTakeFirst(),
  );
  return {
    user: known?.user,
    tenantId: toPublicId('tenant', tid),
    tenantName: tenant?.name ?? '',
    role: known?.places.find(({ tenant_id }) => tenant_id === tid)?.role ?? '',
    scopes: [...principal.scp],
    memberships: known?.places.map(toMembership) ?? [],
    plan: principal.plan,
    credentialKind: typ,
  };
}

/** The user who calls or owns the key; a key of the tenant itself stands for its lineage. */
function userBehind({ typ, sub, key }: Principal): string | undefined {
  return typ === 'key' && sub === key ? undefined : sub;
}

async function readUser(database: AccountParts['database'], userId: string) {
  return database.asUser(userId, async (tx) => {
    const person = await readPerson(tx, userId);
    if (person === undefined) throw new AppError('invalid_token', { internal: 'the user of the token is gone' });
    const totp = await readTotp(tx, userId);
    return { user: toUser(person, totp?.isConfirmed === true), places: await findPlaces(tx, userId) };
  });
}

function toUser(person: Person, hasTotp: boolean): MessageInitShape<typeof UserSchema> {
  return {
    id: toPublicId('user', person.user_id),
    email: person.email,
    username: person.username,
    emailVerified: person.email_verified_at !== null,
    isActive: person.status === 'active',
    isOperator: person.operator,
    hasTotp,
    locale: person.locale,
    createdAt: timestampFromDate(person.created_at),
  };
}

function toMembership({ tenant_id, tenant_name, role, joined_at }: Place) {
  return {
    tenantId: toPublicId('tenant', tenant_id),
    tenantName: tenant_name,
    role,
    joinedAt: timestampFromDate(new Date(joined_at)),
  };
}
