import { probeDependencies, worstOf, type Dependency, type DependencyStatus } from '@universal-api/service';
import type { AppParts, ProbeApp } from './probe-apps.ts';

/** One app as it was found. */
export interface AppFound {
  readonly status: DependencyStatus;
  readonly parts: AppParts;
}

/** The installation as it was found. */
export interface DeepHealth {
  readonly status: DependencyStatus;
  /** When the question was asked, ms since the epoch. */
  readonly askedAt: number;
  readonly apps: ReadonlyMap<string, AppFound>;
}

/** Parts of the question. */
export interface DeepHealthParts {
  /** What the gateway itself stands on. */
  readonly own: readonly Dependency[];
  /** The apps behind it, by name. */
  readonly apps: ReadonlyMap<string, ProbeApp>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** How long an answer is given again, ms (platform.md 6.1). */
const sharedForMs = 5_000;

/**
 * Asks every app at once what it stands on. Whoever asks within five seconds of a question gets its answer, so that many who
 * look cost no more than one. Never rejects.
 */
export function createDeepHealth({ own, apps, now }: DeepHealthParts): () => Promise<DeepHealth> {
  let last: { readonly askedAt: number; readonly answer: Promise<DeepHealth> } | undefined;

  const ask = async (askedAt: number): Promise<DeepHealth> => {
    const questions: Promise<readonly [string, AppParts]>[] = [
      probeDependencies(own, { now }).then((parts) => ['gateway', parts] as const),
      ...[...apps].map(async ([app, probe]) => [app, await probe()] as const),
    ];
    const found = (await Promise.all(questions)).map(([app, parts]) => [app, summarise(parts)] as const);
    return { askedAt, status: worstOf(found.map(([, { status }]) => status)), apps: new Map(found) };
  };
  return () => {
    const at = now();
    if (!last || at - last.askedAt >= sharedForMs) last = { askedAt: at, answer: ask(at) };
    return last.answer;
  };
}

function summarise(parts: AppParts): AppFound {
  return { status: worstOf([...parts.values()].map(({ status }) => status)), parts };
}
