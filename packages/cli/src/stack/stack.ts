import type { UnsetVariable } from './interpolate.js';
import type { StackProblem } from './problem.js';
import type { Place } from '../yaml/placed.js';

/** A label as it arrives in Docker. */
export interface StackLabel {
  /** With prefix and number. */
  readonly name: string;
  /** With its variables filled in. */
  readonly value: string;
  /** As it stands in the file. */
  readonly written: string;
  readonly unset: readonly UnsetVariable[];
  /** Of the list item, or of the key and its value. */
  readonly place: Place;
  /** Of the value alone. */
  readonly valuePlace: Place;
  readonly form: 'list' | 'mapping';
}

/** A text of a file with its place. */
export interface PlacedValue {
  readonly value: string;
  readonly place: Place;
}

export type ServiceMode = 'replicated' | 'global' | 'replicated-job' | 'global-job';

export interface StackService {
  /** As in the file; in Swarm `STACK_NAME`. */
  readonly name: string;
  readonly place: Place;
  readonly image: string;
  readonly environment: ReadonlyMap<string, string>;
  /** Under `deploy`: those of the service. */
  readonly labels: readonly StackLabel[];
  /** Beside `image`: those of its containers. */
  readonly containerLabels: readonly StackLabel[];
  readonly mode: ServiceMode;
  readonly replicas?: PlacedValue;
  /** Keys of the networks of the stack; `default` when none is named. */
  readonly networks: readonly string[];
  readonly networksPlace?: Place;
  /** The names under which its secrets are mounted. */
  readonly secrets: readonly string[];
  /** Ports of the container and where they are published. */
  readonly ports: readonly PublishedPort[];
  /** Where volumes are mounted. */
  readonly mounts: readonly string[];
  /** What each task reserves: cores of CPU, bytes of memory; undefined where that is not an amount. */
  readonly reserved: ReadonlyMap<Reserved, number | undefined>;
}

export type Reserved = 'cpu' | 'memory';

export interface PublishedPort {
  readonly target: number;
  readonly published?: number;
}

export interface StackNetwork {
  readonly key: string;
  /** What it is called in the cluster. */
  readonly realName: string;
  /** Made by this stack for itself alone. */
  readonly isOwn: boolean;
}

/** One stack, read as `docker stack deploy` reads it. */
export interface Stack {
  readonly name: string;
  /** As given on the command line. */
  readonly files: readonly string[];
  readonly services: readonly StackService[];
  readonly networks: ReadonlyMap<string, StackNetwork>;
  readonly problems: readonly StackProblem[];
  /** Lines of each file, for comments that switch findings off and for showing them. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
}
