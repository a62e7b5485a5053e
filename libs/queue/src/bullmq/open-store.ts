import { AppError } from '@universal-api/errors';
import { setTimeout } from 'node:timers/promises';
import type { JobReport } from '../job-report.ts';
import type { JobBackend } from './job-backend.ts';
import { inTime } from './within.ts';

/** How a store stands with this process. */
export type StoreState = 'opening' | 'open' | 'unfit' | 'closed';

/** What opening needs. */
export interface StoreParts {
  readonly backend: JobBackend;
  /** Makes everything that stands on the store, or nothing and throws. */
  readonly open: () => Promise<void>;
  readonly report: (report: JobReport & { readonly kind: 'store' }) => void;
}

/** The opening of a store, which may take as long as the store is away. */
export interface StoreOpening {
  /** Tries once; while the store is away it goes on in the background. Errors: `service_unavailable` for an unfit one. */
  start(): Promise<void>;
  state(): StoreState;
  /** Ends the trying, and waits for the try that is under way. */
  stop(): Promise<void>;
}

const askMs = 3_000;
const retryMs = { first: 200, most: 2_000 } as const;

/** In this order, and again from its beginning after any failure: the store answers, it is fit, everything is made. */
export function createStoreOpening({ backend, open, report }: StoreParts): StoreOpening {
  const stopping = new AbortController();
  let state: StoreState = 'opening';
  let told: string | undefined;
  let trying: Promise<void> = Promise.resolve();

  const tell = (next: 'open' | 'away' | 'unfit', error?: unknown) => {
    if (told !== next) report({ kind: 'store', state: next, ...(error === undefined ? {} : { error }) });
    told = next;
  };
  const attempt = async (): Promise<AppError | undefined> => {
    try {
      await inTime(askMs, 'The store of the jobs does not answer.', backend.ping());
      const unfitness = await inTime(askMs, 'The store of the jobs does not answer.', backend.findUnfitness());
      if (unfitness !== undefined) {
        const error = new AppError('service_unavailable', { internal: unfitness });
        state = 'unfit';
        tell('unfit', error);
        return error;
      }
      await open();
      state = 'open';
      tell('open');
    } catch (error) {
      state = 'opening';
      tell('away', error);
    }
    return undefined;
  };
  const goOn = async () => {
    for (let waitMs: number = retryMs.first; !stopping.signal.aborted; waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        await setTimeout(waitMs, undefined, { signal: stopping.signal });
      } catch {
        // Stopped while it waited.
        return;
      }
      await attempt();
      if (state === 'open') return;
    }
  };
  return {
    async start() {
      const first = attempt();
      trying = first.then(() => {});
      const unfit = await first;
      if (unfit) throw unfit;
      if (state !== 'open' && !stopping.signal.aborted) trying = goOn();
    },
    state: () => (stopping.signal.aborted ? 'closed' : state),
    async stop() {
      stopping.abort();
      await trying;
    },
  };
}
