import { InvalidConfigurationError } from '../errors.js';

/** The problems of several readings, so that all are told at once. */
export interface ProblemList {
  /** What `read` answers; `undefined` when it threw an InvalidConfigurationError, whose problems are then in the list. */
  attempt<T>(read: () => T): T | undefined;
  add(...problems: readonly string[]): void;
  isAny(): boolean;
  /** The error that tells every problem. */
  error(): InvalidConfigurationError;
}

export function createProblemList(): ProblemList {
  const problems: string[] = [];
  return {
    attempt(read) {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof InvalidConfigurationError)) throw error;
        problems.push(...problemsOf(error));
        return undefined;
      }
    },
    add: (...more) => void problems.push(...more),
    isAny: () => problems.length > 0,
    error: () => invalidEnvironment(problems),
  };
}

export function invalidEnvironment(problems: readonly string[]): InvalidConfigurationError {
  return new InvalidConfigurationError(`The environment cannot be read: ${problems.join(' · ')}`, {
    details: problems,
  });
}

/** One line for each thing that is wrong. */
export function problemsOf({ details, message }: InvalidConfigurationError): readonly string[] {
  return Array.isArray(details) ? details.map(String) : [message];
}
