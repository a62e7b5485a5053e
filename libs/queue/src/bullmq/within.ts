/** Waits for something for so many ms at most. Gives back whether it was in time; its errors count as in time, and are dropped. */
export async function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(isSettled, isSettled), late]);
  } finally {
    clearTimeout(timer);
  }
}

const isSettled = () => true as const;

/** The result of `work`, or an error with this sentence after so many ms. */
export async function inTime<Result>(ms: number, sentence: string, work: Promise<Result>): Promise<Result> {
  if (!(await settlesWithin(ms, work))) throw new Error(sentence);
  return work;
}
