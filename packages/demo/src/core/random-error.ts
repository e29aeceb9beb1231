/** One request in ten fails. */
export const ERROR_SHARE = 0.1;

/** Whether this request is one of those that fail; `roll` is a random number from 0 to below 1. */
export function isRandomError(roll: number): boolean {
  return roll < ERROR_SHARE;
}
