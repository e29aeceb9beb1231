/** It could be done, and all is well. */
export const FINE = 0;
/** It could be done, and the answer is bad. */
export const BAD_ANSWER = 1;
/** It could not be done: arguments, files, nobody answers. */
export const NOT_DONE = 2;

export type ExitStatus = typeof FINE | typeof BAD_ANSWER | typeof NOT_DONE;

/** Why something could not be done; one line for people that names the argument or the file. Ends with status 2. */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError';
}
