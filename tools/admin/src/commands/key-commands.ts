import { AppError } from '@universal-api/errors';
import { roleScopes, scopes as allScopes, type Role } from '@universal-api/principal';
import type { MessageShape } from '@universal-api/protos';
import { KeySchema, KeyService } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { findTenant } from '../auth/find-tenant.ts';
import type { ActingTenant, AuthLine } from '../auth/open-auth-line.ts';
import { readPages } from '../auth/read-pages.ts';
import { toFields } from '../output/to-fields.ts';
import { toCell, toTable } from '../output/to-table.ts';
import type { Command, RunningWithAuth } from '../running.ts';
import { numberOption, textOption, UsageError, type Invocation } from '../words/parse-words.ts';

type KeyCommand = 'key create' | 'key list' | 'key rotate' | 'key revoke';
type Key = MessageShape<typeof KeySchema>;

const columns = {
  ID: 'id',
  PUBLIC: 'id12',
  MODE: 'mode',
  STATE: 'state',
  ENDS: 'expires_at',
  'LAST USED': 'last_used_at',
  OWNER: 'owner',
  NAME: 'name',
};

/** API keys of a tenant. */
export const keyCommands: Readonly<Record<KeyCommand, Command<RunningWithAuth>>> = {
  async 'key create'({ auth, invocation, say }) {
    const request = readNewKey(invocation);
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const holds = [...request.scopes, ...(request.neverExpires ? roleScopes.owner : [])];
    await say(showKey('Made', await auth.to(KeyService).createKey(request, { tenant, holds })));
  },

  async 'key list'({ auth, invocation, say }) {
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const keys = (await listKeys(auth, tenant, textOption(invocation, 'state'))).map((key) => toFields(KeySchema, key));
    await say({ text: toTable(columns, keys), fields: { keys } });
  },

  async 'key rotate'({ auth, invocation, say }) {
    const overlapS = numberOption(invocation, 'overlap-s');
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const keyId = await findKeyId(auth, tenant, invocation.words['key'] ?? '');
    // The next key holds what this one does, and nobody makes one that holds more than they do.
    const call = { tenant, holds: allScopes };
    const made = await auth.to(KeyService).rotateKey({ keyId, ...(overlapS === undefined ? {} : { overlapS }) }, call);
    await say(showKey('Rotated into', made));
  },

  async 'key revoke'({ auth, invocation, say }) {
    const reason = textOption(invocation, 'reason');
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const keyId = await findKeyId(auth, tenant, invocation.words['key'] ?? '');
    const key = await auth.to(KeyService).revokeKey({ keyId, ...(reason && { reason }) }, { tenant });
    const text = `${key.id} (${key.id12}) is ${key.state}; every part refuses it within five seconds.`;
    await say({ text, fields: { key: toFields(KeySchema, key) } });
  },
};

function readNewKey(invocation: Invocation) {
  const role = textOption(invocation, 'role') as Role | undefined;
  const named = splitList(textOption(invocation, 'scopes'));
  if ((role === undefined) === (named.length === 0))
    throw new UsageError('key create needs --scopes <scope,…> or --role <role>, one of the two.');
  const mode = textOption(invocation, 'mode');
  const expiresInDays = numberOption(invocation, 'expires-in-days');
  const budgetNanoUsdMonth = textOption(invocation, 'budget-nano-usd-month');
  if (budgetNanoUsdMonth !== undefined && !/^\d{1,18}$/.test(budgetNanoUsdMonth))
    throw new UsageError('--budget-nano-usd-month is no whole number.');
  return {
    name: invocation.words['name'] ?? '',
    owner: 'tenant',
    scopes: role === undefined ? named : [...roleScopes[role]],
    ipAllow: splitList(textOption(invocation, 'ip-allow')),
    ...(mode && { mode }),
    ...(expiresInDays === undefined ? {} : { expiresInDays }),
    ...(invocation.options['never-expires'] === true ? { neverExpires: true } : {}),
    ...(budgetNanoUsdMonth && { budgetNanoUsdMonth }),
  };
}

function splitList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function listKeys(auth: AuthLine, tenant: ActingTenant, state?: string): Promise<Key[]> {
  return readPages(async (page) => {
    const { keys, nextPageToken } = await auth
      .to(KeyService)
      .listKeys({ ...page, ...(state && { state }) }, { tenant });
    return { rows: keys, nextPageToken };
  });
}

/** A key by `key_…`, or by its public part as it stands in logs. */
async function findKeyId(auth: AuthLine, tenant: ActingTenant, name: string): Promise<string> {
  if (!/^[0-9A-Za-z]{12}$/.test(name)) return name;
  const found = (await listKeys(auth, tenant)).find(({ id12 }) => id12 === name);
  if (found === undefined)
    throw new AppError('not_found', { detail: `No key with the public part ${name} lives here.` });
  return found.id;
}

function showKey(verb: string, made: Key) {
  const key = toFields(KeySchema, made);
  const warnings = made.warnings.map((warning) => `\n${warning}`).join('');
  const text = `${verb} ${made.id}; ends: ${toCell(key['expires_at'])}. Shown this once; keep it:\n\n  ${made.key ?? ''}${warnings}`;
  return { text, fields: { key } };
}
