import { AppError } from '@universal-api/errors';
import { foldName } from '@universal-api/providers-kit/local/fold-name';
import type { Place } from '@universal-api/providers-spec';
import type { CategoryCall } from '../category-call.ts';
import { forwardOperation } from './geocoding-rows.ts';
import { readText } from '../read-text.ts';

/** Letters of a name that is more often a short form: LA, SF, DC. */
const longestShortForm = 2;

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
 * Errors: `not_found` for a name that nobody knows; those of the router, told as the look-up's own, when nobody could say:
 * those who failed may well know the place that a weaker one does not.
 */
export async function resolveWhere({ lat, lon, place }: Where, call: CategoryCall): Promise<Place | undefined> {
  if (lat !== undefined && lon !== undefined) {
    const name = `${lat}, ${lon}`;
    return { name, label: name, lat, lon, kind: 'poi' };
  }
  if (place === undefined) return undefined;
  const question = { address: readText('place', place, 2), limit: 1, language: call.language };
  const how = { language: call.language, isMatch: (found: Place) => !isLongerName(found, question.address) };
  const [best] = await call.lookUp(forwardOperation, question, how).catch((error: unknown) => {
    throw isAboutProviders(error) ? toLookUpError(error) : error;
  });
  if (best) return best;
  throw new AppError('not_found', {
    detail: 'No place of this name is known to those who were asked.',
    next: { action: 'fix', field: 'place' },
  });
}

/** Whether a short form was matched with a name that only begins with it, as "LA" with La Paz: that is a guess. */
function isLongerName({ name }: Place, asked: string): boolean {
  const short = foldName(asked);
  return short.length <= longestShortForm && foldName(name).startsWith(`${short} `);
}

function isAboutProviders(error: unknown): error is AppError {
  return AppError.is(error) && error.details.candidates !== undefined;
}

function toLookUpError({ code, details, message, cause }: AppError): AppError {
  return new AppError(code, {
    ...details,
    detail:
      'The place could not be looked up: `candidates` says why for each who might know it. `lat` and `lon` need no look-up.',
    next: { field: 'place', ...details.next },
    internal: message,
    cause,
  });
}
