import type { Database } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { KeyRing, RandomBytes } from '@universal-api/principal';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** What every change of keys, members and tenants works with. */
export interface ChangeParts {
  /** Pool of role `auth_app`. */
  readonly database: Database<AuthTables>;
  readonly recordAudit: RecordAudit;
  /** Asks a person for a proof of the last minutes, and nothing of a key. Errors: `fresh_proof_required`. */
  readonly requireFreshProof: (context: CallContext) => Promise<void>;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
  readonly randomBytes: RandomBytes;
}

/** What the service of keys works with. */
export interface KeyParts extends ChangeParts {
  /** `AUTH_KEY_PEPPER`, current version first. */
  readonly peppers: KeyRing;
}
