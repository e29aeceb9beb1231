import { compareBytes } from '@docker-flow/labels';
import type { People } from '../ports.js';

export interface FakePeople extends People {
  /** The next calls fail with this, until `undefined` is given. */
  failWith(error: Error | undefined): void;
}

/** People in memory. */
export function createFakePeople(): FakePeople {
  const names = new Set<string>();
  let failure: Error | undefined;
  const done = <T>(value: T) => (failure ? Promise.reject(failure) : Promise.resolve(value));
  return {
    failWith: (error) => {
      failure = error;
    },
    prepare: () => done(undefined),
    async put({ name }) {
      await done(undefined);
      names.add(name);
    },
    find: (name) => done(names.has(name) ? { name } : undefined),
    list: () => done([...names].sort(compareBytes).map((name) => ({ name }))),
    close: () => Promise.resolve(),
  };
}
