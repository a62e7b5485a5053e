/** Resolves once the condition holds; rejects after 3 s. */
export async function until(condition: () => boolean): Promise<void> {
  const endsAt = Date.now() + 3000;
  while (!condition()) {
    if (Date.now() > endsAt) throw new Error('the condition never held');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
