/** What one process knows of another's clock, from its answers; µs. */
export interface ServerTime {
  /** The latest time, by the server, at which something that is sent now may be carried out; 0 = not known yet. */
  latestUs(withinUs: number): number;
  /** Notes a time that the server answered to what was sent at `sentUs` of our clock. */
  note(serverUs: number, sentUs: number): void;
}

/**
 * The server's clock was at most `serverUs` when we sent, so it shows at most that and what passed here since. Nothing that
 * is carried out in time is ever taken for late, however far the two clocks are apart; a clock that was set forward since the
 * last answer is told from a server that was frozen by the answer coming in time.
 */
export function createServerTime(nowUs: () => number): ServerTime {
  let aheadUs: number | undefined;
  return {
    latestUs: (withinUs) => (aheadUs === undefined ? 0 : nowUs() + aheadUs + withinUs),
    note(serverUs, sentUs) {
      aheadUs = serverUs - sentUs;
    },
  };
}
