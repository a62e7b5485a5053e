import type { Candidate } from './candidate.ts';
import type { CandidateList } from './list-candidates.ts';
import type { LeftOutReason } from './reasons.ts';
import { whyNotNow, type NetworkView } from './why-not-now.ts';

/** Whether one provider of a chain may answer, at this moment. */
export interface Availability {
  readonly provider: string;
  readonly kind: 'remote' | 'local';
  /** Where its data of this operation really comes from. */
  readonly lineage: string;
  readonly licence: string;
  readonly attribution: string;
  /** Why it is not asked; absent: it may be. */
  readonly reason?: LeftOutReason;
  /** Environment variable that would change that. */
  readonly variable?: string;
  /** When it may be asked again, ms since the epoch, if that is known. */
  readonly availableAt?: number;
  /** Whether the reason passes by itself (down, allowance used up): the cache may still answer for it. */
  readonly isPassing: boolean;
}

/** Every provider of a chain: those permitted, in the order of attempt, then those left out. Calls nobody, counts nothing. */
export function listAvailability(
  operation: string,
  chain: readonly Candidate[],
  { permitted, leftOut }: CandidateList,
  { network, now }: { readonly network: NetworkView; readonly now: number },
): readonly Availability[] {
  const byId = new Map(chain.map((candidate) => [candidate.id, candidate]));
  return [
    ...permitted.map((candidate) => {
      const why = whyNotNow(candidate, network, now);
      return { ...toFacts(operation, candidate), ...(why && toReason(why)), isPassing: why !== undefined };
    }),
    ...leftOut.flatMap((left) => {
      const candidate = byId.get(left.provider);
      return candidate ? [{ ...toFacts(operation, candidate), ...toReason(left), isPassing: false }] : [];
    }),
  ];
}

function toFacts(operation: string, { id, manifest }: Candidate) {
  const { kind, licence, attribution } = manifest;
  return {
    provider: id,
    kind,
    licence,
    attribution,
    lineage: manifest.operations[operation]?.lineage ?? manifest.lineage,
  };
}

function toReason({
  reason,
  variable,
  availableAt,
}: Pick<Availability, 'variable' | 'availableAt'> & { reason: LeftOutReason }) {
  return { reason, variable, availableAt };
}
