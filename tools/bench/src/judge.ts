/** Prints a figure beside its target and whether it is met. */
export function judge(what: string, value: number, target: number): boolean {
  const isMet = value <= target;
  console.log(`  ${isMet ? 'met   ' : 'MISSED'} ${what}: ${value.toFixed(2)} (target ≤ ${target})`);
  return isMet;
}
