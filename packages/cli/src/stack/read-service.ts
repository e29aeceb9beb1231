import {
  entriesOf,
  entryOf,
  itemsOf,
  textOf,
  valueOf,
  type Place,
  type Placed,
  type PlacedEntry,
} from '../yaml/placed.js';
import { interpolate } from './interpolate.js';
import type { StackProblem } from './problem.js';
import { entryMeant } from './misspelt-keys.js';
import { readLabels } from './read-labels.js';
import { readCores, readSize } from './reserved-amount.js';
import type { PlacedValue, PublishedPort, Reserved, ServiceMode, StackLabel, StackService } from './stack.js';

type Environment = Readonly<Record<string, string | undefined>>;

const MODES: readonly ServiceMode[] = ['replicated', 'global', 'replicated-job', 'global-job'];

/** What one file says of a service; a later file may say more. */
export interface PartialService {
  readonly name: string;
  readonly place: Place;
  readonly image?: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly labels: readonly StackLabel[];
  readonly containerLabels: readonly StackLabel[];
  readonly mode?: ServiceMode;
  readonly replicas?: PlacedValue;
  readonly networks?: { readonly keys: readonly string[]; readonly place: Place };
  readonly secrets: readonly string[];
  readonly ports: readonly PublishedPort[];
  readonly mounts: readonly string[];
  readonly reserved: StackService['reserved'];
  readonly problems: readonly StackProblem[];
}

/** Reads what the tool needs of a service, with variables filled in. */
export function readService({ key, value }: PlacedEntry, environment: Environment): PartialService {
  const service = key.text;
  const fill = (node: Placed | undefined) => {
    const text = textOf(node);
    return text === undefined ? undefined : interpolate(text, environment).text;
  };
  const deploy = entryMeant(value, 'deploy')?.value;
  const context = { service, environment };
  const labels = readLabels(entryMeant(deploy, 'labels')?.value, context);
  const containerLabels = readLabels(valueOf(value, 'labels'), context);
  const image = fill(valueOf(value, 'image'));
  const mode = MODES.find((one) => one === fill(valueOf(deploy, 'mode')));
  const replicas = entryOf(deploy, 'replicas');
  const replicasText = fill(replicas?.value);
  const networks = entryOf(value, 'networks');
  return {
    name: service,
    place: key.place,
    environment: readEnvironment(valueOf(value, 'environment'), fill),
    labels: labels.labels,
    containerLabels: containerLabels.labels,
    secrets: readSecrets(valueOf(value, 'secrets'), fill),
    ports: itemsOf(valueOf(value, 'ports')).flatMap((port) => readPort(port, fill)),
    mounts: itemsOf(valueOf(value, 'volumes')).flatMap((volume) => mountOf(volume, fill) ?? []),
    reserved: readReserved(deploy, fill),
    problems: [...labels.problems, ...containerLabels.problems],
    ...(image === undefined ? {} : { image }),
    ...(mode === undefined ? {} : { mode }),
    ...(replicas && replicasText !== undefined
      ? { replicas: { value: replicasText, place: replicas.key.place } }
      : {}),
    ...(networks
      ? { networks: { keys: readNetworks(networks.value, fill), place: networks.key.place } }
      : {}),
  };
}

/** The later of two files wins: single values as a whole, labels and variables by name, lists by being joined. */
export function mergeServices(earlier: PartialService, later: PartialService): PartialService {
  return {
    ...earlier,
    ...later,
    place: earlier.place,
    environment: new Map([...earlier.environment, ...later.environment]),
    labels: mergeLabels(earlier.labels, later.labels),
    containerLabels: mergeLabels(earlier.containerLabels, later.containerLabels),
    secrets: [...new Set([...earlier.secrets, ...later.secrets])],
    ports: [...earlier.ports, ...later.ports],
    mounts: [...earlier.mounts, ...later.mounts],
    reserved: new Map([...earlier.reserved, ...later.reserved]),
    problems: [...earlier.problems, ...later.problems],
    ...(earlier.networks && later.networks
      ? {
          networks: {
            keys: [...new Set([...earlier.networks.keys, ...later.networks.keys])],
            place: later.networks.place,
          },
        }
      : {}),
  };
}

/** Fills in what Docker takes for granted. */
export function completeService(partial: PartialService): StackService {
  const { networks, ...rest } = partial;
  return {
    ...rest,
    image: partial.image ?? '',
    mode: partial.mode ?? 'replicated',
    networks: networks && networks.keys.length > 0 ? networks.keys : ['default'],
    ...(networks ? { networksPlace: networks.place } : {}),
  };
}

type Fill = (node: Placed | undefined) => string | undefined;

function mergeLabels(earlier: readonly StackLabel[], later: readonly StackLabel[]): readonly StackLabel[] {
  const names = new Set(later.map(({ name }) => name));
  return [...earlier.filter(({ name }) => !names.has(name)), ...later];
}

function readEnvironment(node: Placed | undefined, fill: Fill): ReadonlyMap<string, string> {
  const pairs = [
    ...entriesOf(node).map(({ key, value }): [string, string] => [key.text, fill(value) ?? '']),
    ...itemsOf(node).flatMap((item): [string, string][] => {
      const text = fill(item);
      if (text === undefined) return [];
      const cut = text.indexOf('=');
      return cut < 0 ? [[text, '']] : [[text.slice(0, cut), text.slice(cut + 1)]];
    }),
  ];
  return new Map(pairs);
}

function readNetworks(node: Placed, fill: Fill): readonly string[] {
  return [
    ...entriesOf(node).map(({ key }) => key.text),
    ...itemsOf(node).flatMap((item) => fill(item) ?? []),
  ];
}

function readSecrets(node: Placed | undefined, fill: Fill): readonly string[] {
  return itemsOf(node).flatMap(
    (item) => fill(valueOf(item, 'target')) ?? fill(valueOf(item, 'source')) ?? fill(item) ?? [],
  );
}

/** `"80:8080/tcp"`, `"127.0.0.1:80:8080"`, `8080`, or the long form. */
function readPort(node: Placed, fill: Fill): readonly PublishedPort[] {
  const target = Number(fill(valueOf(node, 'target')));
  if (node.kind === 'map') {
    const published = Number(fill(valueOf(node, 'published')));
    return target > 0 ? [{ target, ...(published > 0 ? { published } : {}) }] : [];
  }
  const [mapping = ''] = (fill(node) ?? '').split('/');
  const parts = mapping.split(':');
  const targets = rangeOf(parts.at(-1) ?? '');
  const published = parts.length > 1 ? rangeOf(parts.at(-2) ?? '') : [];
  return targets.map((one, i) => {
    const outside = published[i];
    return { target: one, ...(outside === undefined ? {} : { published: outside }) };
  });
}

const MOST_PORTS = 65_535;

function rangeOf(text: string): readonly number[] {
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const first = Number(from);
  const last = Math.min(Number(to), MOST_PORTS);
  return last >= first ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
}

const RESERVED: readonly {
  readonly key: string;
  readonly resource: Reserved;
  readonly read: (text: string) => number | undefined;
}[] = [
  { key: 'cpus', resource: 'cpu', read: readCores },
  { key: 'memory', resource: 'memory', read: readSize },
];

function readReserved(deploy: Placed | undefined, fill: Fill): StackService['reserved'] {
  const reservations = valueOf(valueOf(deploy, 'resources'), 'reservations');
  return new Map(
    RESERVED.flatMap(({ key, resource, read }): [Reserved, number | undefined][] => {
      const entry = entryOf(reservations, key);
      return entry ? [[resource, read(fill(entry.value) ?? '')]] : [];
    }),
  );
}

function mountOf(node: Placed, fill: Fill): string | undefined {
  if (node.kind === 'map') return fill(valueOf(node, 'target'));
  const parts = fill(node)?.split(':') ?? [];
  return parts.length > 1 ? parts[1] : parts[0];
}
