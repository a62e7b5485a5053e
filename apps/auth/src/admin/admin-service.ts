import type { Database } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { KeyRing } from '@universal-api/principal';
import type { ServiceHandlers } from '@universal-api/protos';
import type { AdminService } from '@universal-api/protos/gen/uapi/auth/v1/admin_pb';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { findMailLink } from './find-mail-link.ts';
import { setOperator } from './set-operator.ts';
import { verifyLedger } from './verify-ledger.ts';

/** What the tools of the installation reach beside what operators do. */
export interface AdminParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  readonly recordAudit: RecordAudit;
  /** `DATA_ENCRYPTION_KEY`, current version first. */
  readonly dataKeys: KeyRing;
  /** `PUBLIC_BASE_URL`: where links lead. */
  readonly baseUrl: string;
}

/** `uapi.auth.v1.AdminService`, one row per RPC; no logic. */
export function adminService(parts: AdminParts): ServiceHandlers<typeof AdminService, CallContext> {
  return {
    setOperator: setOperator(parts),
    findMailLink: findMailLink(parts),
    verifyLedger: verifyLedger(parts),
  };
}
