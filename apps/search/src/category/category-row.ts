import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from '@universal-api/protos';
import type { Routed } from '@universal-api/providers-router';
import type { CategoryCall } from './category-call.ts';
import type { RoutedOperation } from './routed-operation.ts';

/** A unary method as the generated code types it. */
export type UnaryMethod = DescMethod & { readonly methodKind: 'unary' };

/** The request of a method. */
export type RequestOf<M extends DescMethod> = MessageShape<M['input']>;

/** What its handler answers, without the provenance, which is the same for all. */
export type BodyOf<M extends DescMethod> = Omit<PlainInit<M['output']>, 'meta' | '$typeName' | '$unknown'>;

type PlainInit<D extends DescMessage> = Exclude<MessageInitShape<D>, { readonly $typeName: string } & MessageShape<D>>;

/** What a row has at hand when it writes the response. */
export interface Asked<M extends DescMethod, Q> {
  readonly request: RequestOf<M>;
  readonly question: Q;
  /** Id of the provider that answered. */
  readonly provider: string;
  readonly call: CategoryCall;
}

/** One method of a category: which operation it is, and both mappings. */
export interface CategoryRow<M extends UnaryMethod, Q, A> {
  readonly method: M;
  readonly operation: RoutedOperation<Q, A>;
  /** The language that question and answer are in, if they depend on one. */
  readonly toLanguage?: (request: RequestOf<M>, call: CategoryCall) => string;
  readonly toQuestion: (request: RequestOf<M>, call: CategoryCall, language: string) => Q | Promise<Q>;
  /** How it is asked, where that is not one question to the router. */
  readonly ask?: (
    question: Q,
    asking: { readonly request: RequestOf<M>; readonly call: CategoryCall },
  ) => Promise<Routed<A>>;
  readonly toBody: (answer: A, asked: Asked<M, Q>) => BodyOf<M> | Promise<BodyOf<M>>;
}

/** A row whose types are forgotten, as the table holds it. */
export type AnyRow = CategoryRow<UnaryMethod, never, never>;

/** A row, checked against its method and operation. */
export function categoryRow<M extends UnaryMethod, Q, A>(row: CategoryRow<M, Q, A>): AnyRow {
  return row as unknown as AnyRow;
}
