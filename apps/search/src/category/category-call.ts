import type { CallContext } from '@universal-api/grpc';
import { readField } from '@universal-api/protos';
import type { RoutingOptions } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import {
  joinMeta,
  type AnswerMeta,
  type CallOrigin,
  type Degradation,
  type Router,
  type Routed,
  type Wishes,
} from '@universal-api/providers-router';
import type { Point } from '@universal-api/providers-spec';
import { firstOfEachLineage, settleEach } from './ask-each.ts';
import { defaultLanguage, preferredLanguage } from './language.ts';
import type { RoutedOperation } from './routed-operation.ts';
import { searchSurely } from './search-surely.ts';

/** One request on its way: asks the router, once or several times, and keeps where the answers came from. */
export interface CategoryCall {
  readonly context: CallContext;
  /** What the caller prefers to read: Accept-Language, else English. */
  readonly language: string;
  /** The question that the request is about. `language` only where the answer depends on it. */
  ask<Q, A>(operation: RoutedOperation<Q, A>, question: Q, language?: string): Promise<Routed<A>>;
  /**
   * A question that another one needs, such as the zone at a point. Of the caller's wishes only `ignore` and the deadline
   * hold for it: `only` and `order` name those who answer the request itself.
   */
  askFirst<Q, A>(operation: RoutedOperation<Q, A>, question: Q, language?: string): Promise<A>;
  /**
   * A search that another question needs, such as where a named place is; asked as `askFirst` is. What is no match is not
   * found. Empty: all who could answer know of nothing.
   *
   * Errors: those of `refuseNothing` if nothing was found and somebody better failed or was down. That is never said by a
   * kept answer, since errors are not stored: it is asked anew.
   */
  lookUp<Q, Item>(
    operation: RoutedOperation<Q, readonly Item[]>,
    question: Q,
    how: { readonly language: string; readonly isMatch: (item: Item) => boolean },
  ): Promise<readonly Item[]>;
  /**
   * The question to several at once: the first who may answer it, one for each lineage of data, at most so many. Answers
   * are in the order of the chain; who failed is told in the provenance (`source_missing`). Errors: if nobody answers,
   * those of `ask`, which then is tried.
   */
  askEach<Q, A>(operation: RoutedOperation<Q, A>, question: Q, most: number): Promise<readonly Routed<A>[]>;
  /** The country that a point lies in, ISO 3166-1 alpha-2. */
  countryAt(point: Point): Promise<string | undefined>;
  /** Provenance of everything asked so far, told of the main question. */
  provenance(main: AnswerMeta): AnswerMeta;
}

/** What calls are made of. */
export interface CallParts {
  readonly router: Router;
  /** ms since the epoch. */
  readonly clock: { now(): number };
  /** Of `routing.deadline_ms`, as the proto declares it. */
  readonly defaultDeadlineMs: number;
  /** The country that a point lies in, ISO 3166-1 alpha-2. */
  readonly countryAt: (point: Point) => Promise<string | undefined>;
}

/** The call as events and accounts name it. */
export function originOf({ callId, principal }: CallContext): CallOrigin {
  return { callId, tenantId: principal.tid, isTest: principal.mode === 'test', plan: principal.plan };
}

/** Begins a call. Errors: `invalid_request` for wishes that name an unknown provider. */
export function startCall(parts: CallParts, routing: RoutingOptions | undefined, context: CallContext): CategoryCall {
  const { router, clock, defaultDeadlineMs } = parts;
  if (routing) router.checkWishes(routing);
  const deadlineMs = routing ? readField(routing, 'deadlineMs') : defaultDeadlineMs;
  const deadlineAt = Math.min(context.deadlineAt, clock.now() + deadlineMs);
  const metas: AnswerMeta[] = [];
  const missing: Degradation[] = [];
  const neededWishes = routing && { only: [], order: [], ignore: routing.ignore };
  const { find, availableTo } = asCaller(router, context, deadlineAt);

  function told<A>(routed: Routed<A>): Routed<A> {
    metas.push(routed.meta);
    return routed;
  }

  const route: typeof find = async (...asked) => told(await find(...asked));

  return {
    context,
    language: preferredLanguage(context.principal.lang),
    ask: (operation, question, language = defaultLanguage) => route(operation, question, language, routing),
    async askFirst(operation, question, language = defaultLanguage) {
      return (await route(operation, question, language, neededWishes)).answer;
    },
    async lookUp(operation, question, { language, isMatch }) {
      const sought = await searchSurely(operation.cacheClass, {
        search: (cacheClass) => find({ ...operation, cacheClass }, question, language, neededWishes),
        isMatch,
        available: () => availableTo(operation, question, neededWishes),
        now: () => clock.now(),
      });
      return told(sought).answer;
    },
    async askEach(operation, question, most) {
      const chosen = firstOfEachLineage(availableTo(operation, question, routing), most);
      const settled = await settleEach(chosen, (provider) =>
        route(operation, question, defaultLanguage, { only: [provider], order: [], ignore: [] }),
      );
      missing.push(...settled.missing);
      return settled.answers.length > 0
        ? settled.answers
        : [await route(operation, question, defaultLanguage, routing)];
    },
    countryAt: parts.countryAt,
    provenance(main) {
      const joined = joinMeta(metas, main);
      return missing.length > 0 ? { ...joined, degraded: [...joined.degraded, ...missing] } : joined;
    },
  };
}

/** The router, as one caller asks it. */
function asCaller(router: Router, context: CallContext, deadlineAt: number) {
  const keylessOnly = context.principal.typ === 'anonymous';
  return {
    find<Q, A>(operation: RoutedOperation<Q, A>, question: Q, language: string, wishes?: Wishes): Promise<Routed<A>> {
      return router.route<Q, A>({
        operation: operation.id,
        question,
        key: operation.toKey(question),
        cacheClass: operation.cacheClass,
        language,
        wishes,
        coverage: operation.toCoverage?.(question),
        keylessOnly,
        deadlineAt,
        signal: context.signal,
        traceparent: context.traceparent,
        origin: originOf(context),
        nothing: operation.nothing,
      });
    },
    availableTo<Q, A>(operation: RoutedOperation<Q, A>, question: Q, wishes?: Wishes) {
      return router.available(operation.id, { wishes, coverage: operation.toCoverage?.(question), keylessOnly });
    },
  };
}
