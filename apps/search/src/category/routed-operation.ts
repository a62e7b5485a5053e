import { isCacheClass, type CacheClass } from '@universal-api/cache';
import { methodRules, type DescMethod } from '@universal-api/protos';
import type { ProviderOperation } from '@universal-api/providers-spec';
import type { Coverage } from '@universal-api/providers-router';

/** What the router has to know of an operation, beside the question itself. */
export interface RoutedOperation<Q, A> {
  /** `category.operation`. */
  readonly id: string;
  readonly cacheClass: CacheClass;
  /** What tells one question from another, normalised. */
  readonly toKey: (question: Q) => readonly unknown[];
  readonly toCoverage?: (question: Q) => Coverage;
  /** What a search answers when nothing is found; absent: that is an error. */
  readonly nothing?: A;
}

type QuestionOf<Operation> = Operation extends ProviderOperation<infer Q, infer _> ? Q : never;
type AnswerOf<Operation> = Operation extends ProviderOperation<infer _, infer A> ? A : never;

/**
 * An operation of a category, typed by the providers' own interface; id and cache class are those of its method in the
 * proto. Throws if the method is another operation's.
 */
export function routedOperation<Operations, Id extends keyof Operations & string>(
  id: Id,
  method: DescMethod,
  how: Omit<
    RoutedOperation<QuestionOf<NonNullable<Operations[Id]>>, AnswerOf<NonNullable<Operations[Id]>>>,
    'id' | 'cacheClass'
  >,
): RoutedOperation<QuestionOf<NonNullable<Operations[Id]>>, AnswerOf<NonNullable<Operations[Id]>>> {
  const rules = methodRules(method);
  const cacheClass = rules.cacheClass || 'none';
  if (rules.operation !== id) throw new Error(`${method.name} is ${rules.operation}, not ${id}`);
  if (!isCacheClass(cacheClass)) throw new Error(`${method.name} has the unknown cache class ${cacheClass}`);
  return { id, cacheClass, ...how };
}
