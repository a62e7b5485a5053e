import { getCountryOperation, listCountriesOperation } from './country-operations.ts';
import { placeOperation } from './place-operation.ts';
import type { SlotOperation } from './slot-operation.ts';
import type { HandlerOf } from './through-handler.ts';
import { timeOperation } from './time-operation.ts';
import { weatherOperation } from './weather-operation.ts';
import { wordOperation } from './word-operation.ts';

/** The operations that the categories of this installation are searched by, by id. */
export function productOperations(handlerOf: HandlerOf): ReadonlyMap<string, SlotOperation> {
  return new Map<string, SlotOperation>([
    ['countries.get', getCountryOperation(handlerOf)],
    ['countries.list', listCountriesOperation(handlerOf)],
    ['geocoding.forward', placeOperation(handlerOf)],
    ['knowledge.define', wordOperation(handlerOf)],
    ['time.now', timeOperation(handlerOf)],
    ['weather.current', weatherOperation(handlerOf)],
  ]);
}
