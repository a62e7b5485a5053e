/** A wait that a hint ends, also one that came just before it began; says whether one did. */
export function createPause() {
  let endWait: (() => void) | undefined;
  let isDeaf = false;
  let isRung = false;
  let isStopped = false;
  return {
    end() {
      isRung = true;
      if (!isDeaf) endWait?.();
    },
    async begin(ms: number, ignoresHints: boolean): Promise<boolean> {
      isDeaf = ignoresHints;
      if (!isStopped && (!isRung || ignoresHints)) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endWait = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        endWait = undefined;
      }
      const wasRung = isRung;
      isRung = false;
      return wasRung;
    },
    stop() {
      isStopped = true;
      endWait?.();
    },
  };
}
