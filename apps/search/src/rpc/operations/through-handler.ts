import { AppError } from '@universal-api/errors';
import { create, type DescMessage, type MessageInitShape } from '@universal-api/protos';
import type { RoutingOptions } from '@universal-api/protos/gen/uapi/common/v1/routing_pb';
import type { CategoryHandler } from '../../category/handle-category.ts';
import type { MetaInit, SlotCall } from './slot-operation.ts';

/** A response as a handler gives it: what a message is made from. */
export type Body<Response> = Omit<Response, 'meta' | '$typeName' | '$unknown'> & { readonly meta?: MetaInit };

/** Asks the operation of one method through the handler that serves it alone; undefined: it knows of no such thing. */
export type AskMethod<Schema extends DescMessage, Response> = (
  call: SlotCall,
  request: MessageInitShape<Schema>,
) => Promise<Body<Response> | undefined>;

/** The handler of an operation. Throws if nobody serves it. */
export type HandlerOf = (operation: string) => CategoryHandler;

/** A search asks exactly what a single-category call would. Errors: those of the operation, but for a thing not found. */
export function throughHandler<Schema extends DescMessage, Response>(
  handler: CategoryHandler,
  schema: Schema,
): AskMethod<Schema, Response> {
  return async ({ context, routing }, request) => {
    const message = create(schema, { ...request, routing } as MessageInitShape<Schema>);
    try {
      return (await handler(message as { routing?: RoutingOptions }, context)) as Body<Response>;
    } catch (error) {
      // A place that nobody knows is no answer about the weather there: that stays an error.
      if (AppError.is(error) && error.code === 'not_found' && !isUnknownPlace(error)) return undefined;
      throw error;
    }
  };
}

/** Whether an error says that a named place is known to nobody. */
export function isUnknownPlace(error: unknown): boolean {
  return AppError.is(error) && error.code === 'not_found' && error.details.next?.field === 'place';
}

/** Whether an error says that nobody could look a named place up, so that nobody was asked about it. */
export function isPlaceUnavailable(error: unknown): boolean {
  return AppError.is(error) && error.code !== 'not_found' && error.details.next?.field === 'place';
}
