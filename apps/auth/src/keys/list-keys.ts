import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { MessageInitShape } from '@universal-api/protos';
import type {
  GetKeyRequest,
  ListKeysRequest,
  ListKeysResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import type { PageTokens } from '@universal-api/database';
import { cutPage, readPage } from '../access/read-page.ts';
import { readStanding } from '../access/standing.ts';
import { toKeyMessage, type KeyMessage } from './key-message.ts';
import type { KeyParts } from './key-parts.ts';
import { listKeyRows, readKey } from './key-rows.ts';

const states = ['active', 'rotated', 'revoked', 'expired'];

/** The keys of the tenant, or of the caller where they are no admin; newest first, those that live unless a state is named. */
export function listKeys(parts: Pick<KeyParts, 'database'> & { readonly pages: PageTokens }) {
  return async (
    request: ListKeysRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof ListKeysResponseSchema>> => {
    const { state } = request;
    if (state !== undefined && !states.includes(state))
      throw new AppError('invalid_request', { errors: [{ field: 'state', rule: `one of ${states.join(', ')}` }] });
    const { tid } = context.principal;
    const asked = readPage(parts.pages, request, { list: 'auth.list_keys', tenantId: tid, filter: { state } });
    const rows = await parts.database.transaction(tid, async (tx) =>
      listKeyRows(tx, await readStanding(tx, context), { state, before: asked.after?.[0], size: asked.size + 1 }),
    );
    const page = cutPage(parts.pages, asked, rows, (row) => [row.key_id]);
    return { keys: page.rows.map(toKeyMessage), nextPageToken: page.nextPageToken };
  };
}

/** One key, without its text. Errors: `not_found`. */
export function getKey({ database }: Pick<KeyParts, 'database'>) {
  return (request: GetKeyRequest, context: CallContext): Promise<KeyMessage> =>
    database.transaction(context.principal.tid, async (tx) =>
      toKeyMessage(await readKey(tx, await readStanding(tx, context), request.keyId)),
    );
}
