import { parsed, unreadable, type Parsed } from '@docker-flow/labels';

/** Of the requests to `/demo/random-error` one in ten fails. */
export const ERROR_SHARE = 0.1;

/** Whether this request is one of those that fail; `roll` is a random number from 0 to below 1. */
export function isRandomError(roll: number, share = ERROR_SHARE): boolean {
  return roll < share;
}

/** Reads the variable `ERROR_SHARE`, a number from 0 to 1; absent and empty are none. */
export function readErrorShare(text: string | undefined): Parsed<number> {
  if (text === undefined || text === '') return parsed(0);
  const share = /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return share >= 0 && share <= 1 ? parsed(share) : unreadable('is not a share', 'a number from 0 to 1');
}
