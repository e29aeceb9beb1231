import { readPlain } from '../yaml/plain-value.js';
import { entriesOf, type Placed, type PlacedEntry } from '../yaml/placed.js';
import { entryMeant } from './misspelt-keys.js';
import type { StackProblem } from './problem.js';

/** What Docker refuses because it is no mapping: services, one of them, or its `deploy`, which alone may be empty. */
export function misshapenParts(root: Placed): readonly StackProblem[] {
  const services = entryMeant(root, 'services');
  if (!services) return [];
  if (services.value.kind !== 'map') return [noMapping(services, 'services')];
  return entriesOf(services.value).flatMap((service): StackProblem[] => {
    const name = service.key.text;
    if (service.value.kind !== 'map')
      return [{ ...noMapping(service, `the service ${name}`), service: name }];
    const deploy = entryMeant(service.value, 'deploy');
    if (!deploy || deploy.value.kind === 'map' || isNothing(deploy.value)) return [];
    return [{ ...noMapping(deploy, `deploy of the service ${name}`), service: name }];
  });
}

function noMapping({ key }: PlacedEntry, what: string): StackProblem {
  return {
    code: 'DF002',
    severity: 'error',
    message: `${what} is not a mapping, and Docker refuses it`,
    expected: 'a mapping with its keys under it',
    place: key.place,
  };
}

function isNothing(node: Placed): boolean {
  return node.kind === 'text' && node.isPlain && readPlain(node.text).kind === 'null';
}
