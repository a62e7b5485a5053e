import type { CallContext } from '@universal-api/grpc';
import type { MessageInitShape } from '@universal-api/protos';
import type { MetaSchema } from '@universal-api/protos/gen/uapi/common/v1/meta_pb';
import type { RoutingOptions } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import type { SearchResultSchema, TypedAnswerSchema } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import type { Coverage } from '@universal-api/providers-router';
import type { FoundResult } from '../../fusion/found-result.ts';
import type { SlotArgs } from '../../plan/search-category.ts';

type PlainInit<Shape> = Exclude<Shape, { readonly $typeName: string; readonly $unknown?: unknown }>;

/** The thing that a result is, in its category's own message. */
export type FoundItem = NonNullable<PlainInit<MessageInitShape<typeof SearchResultSchema>>['item']>;

/** A typed answer as it is written, its provenance apart. */
export type TypedAnswerInit = Omit<PlainInit<MessageInitShape<typeof TypedAnswerSchema>>, 'meta'>;

/** Provenance as the message says it. */
export type MetaInit = PlainInit<MessageInitShape<typeof MetaSchema>>;

/** One question of a search on its way to an operation. */
export interface SlotCall {
  readonly args: SlotArgs;
  /** Most results wanted. */
  readonly limit: number;
  /** Language of the search (BCP 47). */
  readonly language: string;
  /** The caller's wishes, with the one provider that the slot is pinned to. */
  readonly routing: RoutingOptions | undefined;
  /** The call behind the search, with the slot's own signal and deadline. */
  readonly context: CallContext;
}

/** What an operation answered, as a search needs it. */
export interface SlotAnswer {
  /** Best first; empty when nothing was found, or when the answer is typed alone. */
  readonly results: readonly FoundResult<FoundItem>[];
  readonly typed?: TypedAnswerInit;
  /** Absent when it is known only that there is nothing. */
  readonly meta?: MetaInit;
}

/** An operation as a search asks it. Errors: those of the operation. */
export interface SlotOperation {
  ask(call: SlotCall): Promise<SlotAnswer>;
  /** What the question is about, as far as providers are limited to it. */
  coverage?(args: SlotArgs): Coverage;
}
