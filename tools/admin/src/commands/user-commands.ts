import { roleScopes, type Role } from '@universal-api/principal';
import {
  AdminService,
  FindMailLinkResponseSchema,
  SetOperatorResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import { InvitationSchema, TenantService } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { findTenant } from '../auth/find-tenant.ts';
import { toFields } from '../output/to-fields.ts';
import { toCell } from '../output/to-table.ts';
import type { Command, RunningWithAuth } from '../running.ts';
import { textOption } from '../words/parse-words.ts';

type UserCommand = 'user invite' | 'user link' | 'user operator';

/** People of the installation. */
export const userCommands: Readonly<Record<UserCommand, Command<RunningWithAuth>>> = {
  async 'user invite'({ auth, invocation, say }) {
    const { email = '' } = invocation.words;
    const role = (textOption(invocation, 'role') ?? 'viewer') as Role;
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    // Nobody passes on a role that they do not hold whole.
    const made = await auth.to(TenantService).createInvitation({ email, role }, { tenant, holds: roleScopes[role] });
    const invitation = toFields(InvitationSchema, made);
    const until = `It ends at ${toCell(invitation['expires_at'])}.`;
    const how =
      made.link === undefined ? 'A mail is on its way.' : `No mail is sent; hand this link on:\n\n  ${made.link}`;
    await say({ text: `Invited ${made.email} as ${made.role} (${made.id}). ${until} ${how}`, fields: { invitation } });
  },

  async 'user link'({ auth, invocation, say }) {
    const { email = '' } = invocation.words;
    const mail = await auth.to(AdminService).findMailLink({ email }, {});
    const fields = toFields(FindMailLinkResponseSchema, mail);
    await say({ text: `${mail.link}\n${mail.template}, ends at ${toCell(fields['expires_at'])}`, fields });
  },

  async 'user operator'({ auth, invocation, say }) {
    const { email = '' } = invocation.words;
    const isOperator = invocation.options['off'] !== true;
    const reason = textOption(invocation, 'reason');
    const request = { email, isOperator, ...(reason && { reason }) };
    const now = await auth.to(AdminService).setOperator(request, {});
    const what = isOperator ? 'an operator of this installation' : 'no operator';
    const text = `${now.user?.email ?? email} is ${what}${now.changed ? '' : ', as before'}.`;
    await say({ text, fields: toFields(SetOperatorResponseSchema, now) });
  },
};
