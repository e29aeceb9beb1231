import type { World } from '../plan/actions.js';
import { labelsOf } from '../plan/walked-service.js';

/** What the programs have to make of the labels, by service unless something else is said. */
export interface ExpectedState {
  /** Paths of the routes that the proxies serve; a service that is not here has none. */
  readonly routes: ReadonlyMap<string, readonly string[]>;
  /**
   * Services whose labels a proxy rejects, with the path that only these labels have. It may go on with labels that
   * it accepted before, or, since it was started, have none.
   */
  readonly rejected: ReadonlyMap<string, string | undefined>;
  /** What a request to the first path answers. */
  readonly answers: ReadonlyMap<string, number>;
  /** `steady-b 20 %`. */
  readonly canaries: ReadonlyMap<string, string>;
  /** The domain for which a service's certificate is served. */
  readonly certificates: ReadonlyMap<string, string>;
  /** Expressions by the name of the rule. */
  readonly rules: ReadonlyMap<string, string>;
  /** Services whose tasks are targets of Prometheus. */
  readonly scraped: ReadonlySet<string>;
  /** Fewest and most replicas: the same number twice where nobody but the walk sets the count. */
  readonly replicas: ReadonlyMap<string, { readonly min: number; readonly max: number }>;
}

type Labels = Readonly<Record<string, string>>;

/** Worked out from labels and counts alone, without any code of the programs. */
export function expectedState(world: World): ExpectedState {
  const services = [...world.values()].map((service) => ({
    ...service,
    labels: withoutPrefix(labelsOf(service)),
  }));
  const routed = services.filter(({ labels }) => isRouted(labels));
  const entriesOf = <T>(list: typeof services, value: (one: (typeof services)[number]) => T | undefined) =>
    new Map(
      list.flatMap((one) => {
        const found = value(one);
        return found === undefined ? [] : [[one.name, found] as const];
      }),
    );
  return {
    routes: entriesOf(routed, ({ labels }) => {
      const paths = pathsOf(labels);
      return paths.length === 0 ? undefined : paths;
    }),
    rejected: new Map(
      services
        .filter((one) => !routed.includes(one))
        .map(({ name, labels }) => [name, pathsOf(labels).at(-1)]),
    ),
    answers: entriesOf(routed, ({ labels }) =>
      pathsOf(labels).length === 0 ? undefined : labels['users'] === undefined ? 200 : 401,
    ),
    canaries: entriesOf(routed, ({ labels }) =>
      labels['canaryOf'] === undefined
        ? undefined
        : `${labels['canaryOf']} ${labels['canaryWeight'] ?? ''} %`,
    ),
    certificates: entriesOf(routed, ({ labels }) =>
      labels['acme'] === 'true' ? labels['serviceDomain.2'] : undefined,
    ),
    rules: new Map(services.flatMap(({ name, labels }) => ruleOf(name, labels))),
    scraped: new Set(services.filter(({ labels }) => 'scrapePort' in labels).map(({ name }) => name)),
    replicas: entriesOf(services, ({ labels, replicas }) => ({
      min: Number(labels['scaleMin'] ?? replicas),
      max: Number(labels['scaleMax'] ?? replicas),
    })),
  };
}

function withoutPrefix(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [label.slice('com.df.'.length), value]),
  );
}

/** Of all its routes, in their order. */
function pathsOf(labels: Labels): readonly string[] {
  return ['servicePath', 'servicePath.1', 'servicePath.2'].flatMap(
    (label) => labels[label]?.split(',') ?? [],
  );
}

/** A port that is none is rejected, and so is a header that would begin a line of its own. */
function isRouted(labels: Labels): boolean {
  return (
    /^[0-9]+$/.test(labels['port'] ?? labels['port.1'] ?? '') &&
    !(labels['addReqHeader'] ?? '').includes('\n')
  );
}

/** Prometheus gets what it can parse: one expression, without a line of something else behind it. */
function ruleOf(name: string, labels: Labels): readonly (readonly [string, string])[] {
  const { alertName, alertIf = '' } = labels;
  if (alertName === undefined || !/^vector\(\d+\) > \d+$/.test(alertIf)) return [];
  return [[`${name.replaceAll('-', '')}_${alertName}`, alertIf]];
}
