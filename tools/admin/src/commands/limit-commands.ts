import type { JsonObject } from '@universal-api/protos';
import {
  GetLimitsResponseSchema,
  LimitPolicySchema,
  LimitService,
} from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { findTenant } from '../auth/find-tenant.ts';
import { toFields } from '../output/to-fields.ts';
import { toTable } from '../output/to-table.ts';
import type { Command, RunningWithAuth } from '../running.ts';
import { textOption, UsageError } from '../words/parse-words.ts';

const columns = { POLICY: 'policy', UNITS: 'q', SECONDS: 'window_s', COUNTS: 'partition', FROM: 'source' };

/** Rate policies of a tenant. */
export const limitCommands: Readonly<Record<'limits show' | 'limits set', Command<RunningWithAuth>>> = {
  async 'limits show'({ auth, invocation, say }) {
    const rateClass = textOption(invocation, 'class');
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const answer = await auth.to(LimitService).getLimits(rateClass === undefined ? {} : { rateClass }, { tenant });
    const fields = toFields(GetLimitsResponseSchema, answer);
    const policies = fields['policies'] as JsonObject[];
    const text = policies.length === 0 ? 'It has no rate policies.' : `\n${toTable(columns, policies)}`;
    await say({ text: `Plan ${answer.plan}. ${text}`.replace('. \n', '.\n\n'), fields });
  },

  async 'limits set'({ auth, invocation, say }) {
    const { policy = '', units = '' } = invocation.words;
    if (!/^([1-9]\d{0,8}|default)$/.test(units))
      throw new UsageError('<units> is a whole number above 0, or default for what the plan gives.');
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const q = units === 'default' ? 0 : Number(units);
    const now = await auth.to(LimitService).setLimitOverride({ policy, q }, { tenant });
    const text = `${now.policy} allows ${now.q} in ${now.windowS} s (${now.source}); every gateway knows within five seconds.`;
    await say({ text, fields: { policy: toFields(LimitPolicySchema, now) } });
  },
};
