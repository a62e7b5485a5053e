/** Candidates in the order of a caller's wishes: those that `order` names first, in its order, then the others as they were. */
export function orderCandidates<C extends { readonly id: string }>(
  candidates: readonly C[],
  order: readonly string[],
): readonly C[] {
  if (order.length === 0) return candidates;
  const wanted = [...new Set(order)].flatMap((id) => candidates.filter((candidate) => candidate.id === id));
  return [...wanted, ...candidates.filter((candidate) => !wanted.includes(candidate))];
}
