import type { DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';

type Methods<S> = S extends { method: infer M } ? M : never;
type Input<M> = M extends { input: infer I extends DescMessage } ? I : never;
type Output<M> = M extends { output: infer O extends DescMessage } ? O : never;
type Kind<M> = M extends { methodKind: infer K } ? K : never;

/** Handlers of a service, one per method, named as in the generated descriptor; unary or server streaming. */
export type ServiceHandlers<S extends DescService, Context> = {
  readonly [K in keyof Methods<S>]: Kind<Methods<S>[K]> extends 'server_streaming'
    ? (
        request: MessageShape<Input<Methods<S>[K]>>,
        context: Context,
      ) => AsyncIterable<MessageInitShape<Output<Methods<S>[K]>>>
    : (
        request: MessageShape<Input<Methods<S>[K]>>,
        context: Context,
      ) => Promise<MessageInitShape<Output<Methods<S>[K]>>>;
};

/** Client of a service's unary methods, typed by the generated descriptor. */
export type ServiceClient<S extends DescService, Options> = {
  readonly [K in keyof Methods<S> as Kind<Methods<S>[K]> extends 'unary' ? K : never]: (
    request: MessageInitShape<Input<Methods<S>[K]>>,
    options: Options,
  ) => Promise<MessageShape<Output<Methods<S>[K]>>>;
};

/** A handler as the server sees it, its types forgotten. */
export type AnyHandler<Context> = (request: never, context: Context) => Promise<unknown> | AsyncIterable<unknown>;

export type { DescMethod };
