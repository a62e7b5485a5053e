import { AppError } from '@universal-api/errors';
import type { Wishes } from '../route-question.ts';

const names = ['only', 'order', 'ignore'] as const;

/** Refuses wishes that name a provider which this installation does not know. Errors: `invalid_request`, each id named. */
export function checkWishes(wishes: Wishes, known: { has(id: string): boolean }): void {
  if (names.every((name) => wishes[name].every((id) => known.has(id)))) return;
  const errors = names.flatMap((name) =>
    wishes[name].flatMap((id, index) =>
      known.has(id) ? [] : [{ field: `routing.${name}[${index}]`, rule: 'must be the id of a provider' }],
    ),
  );
  throw new AppError('invalid_request', { errors });
}
