import { AppError } from '@universal-api/errors';
import type { Place } from '@universal-api/providers-spec';
import type { CategoryCall } from './category-call.ts';
import { forwardOperation } from './geocoding-rows.ts';
import { readText } from './read-text.ts';

/** A request that says where: `lat` and `lon`, or the name of a `place`. */
export interface Where {
  readonly lat?: number;
  readonly lon?: number;
  readonly place?: string;
}

/**
 * The place that a request means, as the answer repeats it; undefined if it does not say. A point is named by its
 * coordinates, since nothing else is known of it; a name is looked up, and its best match taken.
 *
 * Errors: `not_found` for a name that nobody knows; those of the router.
 */
export async function resolveWhere({ lat, lon, place }: Where, call: CategoryCall): Promise<Place | undefined> {
  if (lat !== undefined && lon !== undefined) {
    const name = `${lat}, ${lon}`;
    return { name, label: name, lat, lon, kind: 'poi' };
  }
  if (place === undefined) return undefined;
  const question = { address: readText('place', place, 2), limit: 1, language: call.language };
  const [best] = await call.askFirst(forwardOperation, question, call.language);
  if (best) return best;
  throw new AppError('not_found', {
    detail: 'No place of this name is known to those who were asked.',
    next: { action: 'fix', field: 'place' },
  });
}
