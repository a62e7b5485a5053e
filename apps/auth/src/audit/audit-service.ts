import type { Database, PageTokens } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { AuditService } from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import type { AuthTables } from '../store/auth-tables.ts';
import { listAudit } from './list-audit.ts';
import { verifyAudit } from './verify-audit.ts';

/** What the service works with. */
export interface AuditParts {
  /** Pool of `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly pages: PageTokens;
}

/** `uapi.auth.v1.AuditService`, one row per RPC; no logic. */
export function auditService(parts: AuditParts): ServiceHandlers<typeof AuditService, CallContext> {
  return {
    listAudit: listAudit(parts),
    verifyAudit: verifyAudit(parts),
  };
}
