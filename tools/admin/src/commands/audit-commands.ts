import {
  AuditRowSchema,
  AuditService,
  VerifyAuditResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import { findTenant } from '../auth/find-tenant.ts';
import { readPages } from '../auth/read-pages.ts';
import { toFields } from '../output/to-fields.ts';
import { toTable } from '../output/to-table.ts';
import type { Command, RunningWithAuth } from '../running.ts';
import { numberOption, textOption } from '../words/parse-words.ts';

const columns = {
  PLACE: 'seq',
  AT: 'at',
  WHO: 'actor_name',
  AS: 'actor_kind',
  ACTION: 'action',
  ON: 'object',
  OUTCOME: 'outcome',
  WHY: 'reason',
  CHANGED: 'diff',
};
const usualRows = 20;
/** A long chain is read from its first row to its last. */
const verifyMs = 600_000;

/** The chain of a tenant; `--tenant sys` is the platform's. */
export const auditCommands: Readonly<Record<'audit verify' | 'audit list', Command<RunningWithAuth>>> = {
  async 'audit verify'({ auth, invocation, say }) {
    const [from, to] = [numberOption(invocation, 'from'), numberOption(invocation, 'to')];
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const span = { ...(from !== undefined && { from: String(from) }), ...(to !== undefined && { to: String(to) }) };
    const answer = await auth.to(AuditService).verifyAudit(span, { tenant, withinMs: verifyMs });
    const fields = toFields(VerifyAuditResponseSchema, answer);
    if (answer.ok) {
      await say({ text: `All ${answer.checked} rows are as they were written.`, fields });
      return 'done';
    }
    const which = `Row ${answer.firstBad ?? '?'} is the first that is wrong: ${answer.why ?? ''}.`;
    const next = 'Keep the database as it is, and compare it with the last backup.';
    await say({ text: `${which} ${answer.checked} rows before it are as they were written. ${next}`, fields });
    return 'refused';
  },

  async 'audit list'({ auth, invocation, say }) {
    const count = numberOption(invocation, 'count') ?? usualRows;
    const action = textOption(invocation, 'action');
    const tenant = await findTenant(auth, textOption(invocation, 'tenant'));
    const found = await readPages(
      async (page) => {
        const asked = { ...page, ...(action && { action }) };
        const { rows, nextPageToken } = await auth.to(AuditService).listAudit(asked, { tenant });
        return { rows, nextPageToken };
      },
      Math.max(count, 1),
    );
    const rows = found.map((row) => toFields(AuditRowSchema, row));
    await say({ text: toTable(columns, rows), fields: { rows } });
  },
};
