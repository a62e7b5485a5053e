import { PlatformService, TenantSchema } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { findTenantId, listTenants } from '../auth/find-tenant.ts';
import { toFields } from '../output/to-fields.ts';
import { toTable } from '../output/to-table.ts';
import type { Command, RunningWithAuth } from '../running.ts';
import { textOption } from '../words/parse-words.ts';

type TenantCommand = 'tenant create' | 'tenant list' | 'tenant suspend' | 'tenant resume' | 'tenant plan';

const columns = {
  ID: 'id',
  'SHORT NAME': 'slug',
  STATUS: 'status',
  PLAN: 'plan',
  POOL: 'credential_pool',
  MADE: 'created_at',
  NAME: 'name',
};

/** Tenants of the installation. */
export const tenantCommands: Readonly<Record<TenantCommand, Command<RunningWithAuth>>> = {
  async 'tenant create'({ auth, invocation, say }) {
    const { name = '' } = invocation.words;
    const slug = textOption(invocation, 'slug');
    const plan = textOption(invocation, 'plan');
    const credentialPool = textOption(invocation, 'pool');
    const made = await auth
      .to(PlatformService)
      .createTenant(
        { name, ...(slug && { slug }), ...(plan && { plan }), ...(credentialPool && { credentialPool }) },
        {},
      );
    const tenant = toFields(TenantSchema, made);
    const text = `Made ${made.id} (${made.slug}), plan ${made.plan}, pool ${made.credentialPool}.`;
    await say({ text, fields: { tenant } });
  },

  async 'tenant list'({ auth, say }) {
    const tenants = (await listTenants(auth)).map((tenant) => toFields(TenantSchema, tenant));
    await say({ text: toTable(columns, tenants), fields: { tenants } });
  },

  async 'tenant suspend'({ auth, invocation, say }) {
    const tenantId = await findTenantId(auth, invocation.words['tenant'] ?? '');
    const reason = textOption(invocation, 'reason') ?? '';
    const now = await auth.to(PlatformService).suspendTenant({ tenantId, reason }, {});
    await say({ text: `${now.id} (${now.slug}) is ${now.status}.`, fields: { tenant: toFields(TenantSchema, now) } });
  },

  async 'tenant resume'({ auth, invocation, say }) {
    const tenantId = await findTenantId(auth, invocation.words['tenant'] ?? '');
    const now = await auth.to(PlatformService).resumeTenant({ tenantId }, {});
    await say({ text: `${now.id} (${now.slug}) is ${now.status}.`, fields: { tenant: toFields(TenantSchema, now) } });
  },

  async 'tenant plan'({ auth, invocation, say }) {
    const tenantId = await findTenantId(auth, invocation.words['tenant'] ?? '');
    const { plan = '' } = invocation.words;
    const credentialPool = textOption(invocation, 'pool');
    const paths = credentialPool === undefined ? ['plan'] : ['plan', 'credential_pool'];
    const now = await auth
      .to(PlatformService)
      .changeTenant({ tenantId, plan, ...(credentialPool && { credentialPool }), updateMask: { paths } }, {});
    const text = `${now.id} (${now.slug}) has plan ${now.plan}, pool ${now.credentialPool}.`;
    await say({ text, fields: { tenant: toFields(TenantSchema, now) } });
  },
};
