import { editDistance } from '@docker-flow/labels';
import { CannotRunError } from '../exit-status.js';

interface Named {
  readonly fullName: string;
  readonly service: { readonly name: string };
}

/**
 * The service with this name in its file, or in Swarm.
 *
 * @throws {CannotRunError} with the nearest name when there is none
 */
export function serviceNamed<T>(all: readonly T[], name: string, namesOf: (one: T) => Named): T {
  const found = all.find((one) => namesOf(one).service.name === name || namesOf(one).fullName === name);
  if (found !== undefined) return found;
  const known = all.flatMap((one) => [namesOf(one).service.name, namesOf(one).fullName]);
  const nearest = nearestOf(name, known);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new CannotRunError(`there is no service ${name} in the files${hint}`);
}

/** The known word that differs least; `undefined` when all differ in more than half of their letters. */
export function nearestOf(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((one) => ({ one, distance: editDistance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.max(2, Math.floor(one.length / 2)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.one;
}
