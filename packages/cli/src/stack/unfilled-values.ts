import { entriesOf, valueOf, type Placed } from '../yaml/placed.js';
import { interpolate } from './interpolate.js';
import { entryMeant } from './misspelt-keys.js';
import type { StackProblem } from './problem.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The only parts of a file that Docker fills variables into. */
const SECTIONS = ['services', 'networks', 'volumes', 'secrets', 'configs'] as const;

/** Values beside labels into which Docker cannot fill variables: it refuses the whole file for one of them. */
export function unfilledValues(root: Placed, environment: Environment): readonly StackProblem[] {
  return SECTIONS.flatMap((section) =>
    entriesOf(entryMeant(root, section)?.value).flatMap(({ key, value }) => {
      const isService = section === 'services';
      return problemsIn(value, {
        environment,
        // Labels are read with their names, and told there.
        skipped: isService ? labelsOf(value) : [],
        path: '',
        at: isService ? { service: key.text } : {},
      });
    }),
  );
}

function labelsOf(service: Placed): readonly (Placed | undefined)[] {
  return [entryMeant(entryMeant(service, 'deploy')?.value, 'labels')?.value, valueOf(service, 'labels')];
}

interface Walk {
  readonly environment: Environment;
  readonly skipped: readonly (Placed | undefined)[];
  /** The keys on the way, joined by dots. */
  readonly path: string;
  readonly at: { readonly service?: string };
}

function problemsIn(node: Placed, walk: Walk): readonly StackProblem[] {
  if (walk.skipped.includes(node)) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => problemsIn(item, walk));
  if (node.kind === 'map')
    return node.entries.flatMap(({ key, value }) =>
      problemsIn(value, { ...walk, path: walk.path === '' ? key.text : `${walk.path}.${key.text}` }),
    );
  if (!node.text.includes('$')) return [];
  const { invalid, missing } = interpolate(node.text, walk.environment);
  const at = { ...walk.at, severity: 'error', place: node.place } as const;
  if (invalid !== undefined)
    return [
      {
        ...at,
        code: 'DF505',
        message: `${walk.path}: Docker cannot fill in the variable that begins with a dollar sign, and refuses the file`,
        expected: '$$ for a dollar sign that belongs to the value',
      },
    ];
  if (!missing) return [];
  const why = missing.message || 'it is not set';
  return [{ ...at, code: 'DF508', message: `${walk.path} needs the variable ${missing.name}: ${why}` }];
}
