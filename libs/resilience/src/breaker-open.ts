import { AppError } from '@universal-api/errors';

/**
 * A call that a breaker refused without making it. Code `provider_unavailable`; `details.retryAfterS` (whole seconds,
 * at least 1) says when a call may pass again. The router takes it as a reason to try the next candidate.
 */
export class BreakerOpen extends AppError {
  constructor(retryInMs: number) {
    super('provider_unavailable', {
      internal: 'refused by an open breaker',
      retryAfterS: Math.max(1, Math.ceil(retryInMs / 1_000)),
    });
    this.name = 'BreakerOpen';
  }
}
