import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';

/** A person who calls by an access token. Ids are UUIDs. */
export interface ActingUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly tenantId: string;
}

/** The person behind a call. Errors: `permission_denied` for a key: what a person has to do is not for keys. */
export function actingUser({ principal }: CallContext): ActingUser {
  if (principal.typ !== 'user' || principal.sid === undefined) {
    throw new AppError('permission_denied', {
      detail: 'This is done by a person who is logged in, not by an API key.',
    });
  }
  return { userId: principal.sub, sessionId: principal.sid, tenantId: principal.tid };
}
