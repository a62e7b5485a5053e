/** How long what belongs to a session lasts (platform.md 1.6); tests scale them. Milliseconds. */
export interface SessionTimes {
  /** A session that is not refreshed for so long is over (`AUTH_REFRESH_IDLE_D`). */
  readonly idleMs: number;
  /** It is over then in any case (`AUTH_REFRESH_ABS_D`). */
  readonly absoluteMs: number;
  /** So long a used refresh token gives the same answer again (`AUTH_REPLAY_S`). */
  readonly replayMs: number;
  /** So long a proof counts as fresh (`AUTH_REAUTH_MIN`). */
  readonly freshMs: number;
  /** So long the second step of a login may take. */
  readonly secondStepMs: number;
}

const dayMs = 86_400_000;

/** 7 and 30 days, 10 seconds, 10 and 5 minutes. */
export const sessionTimes: SessionTimes = {
  idleMs: 7 * dayMs,
  absoluteMs: 30 * dayMs,
  replayMs: 10_000,
  freshMs: 600_000,
  secondStepMs: 300_000,
};
