import type { ExpectedState } from './expected-state.js';

/** What one proxy says it serves, and what it answered. */
export interface ProxyView {
  /** Host name of the node it is on. */
  readonly node: string;
  readonly routes: ReadonlyMap<string, readonly string[]>;
  readonly canaries: ReadonlyMap<string, string>;
  /** Status of a request to the first path of each service that should have one. */
  readonly answers: ReadonlyMap<string, number>;
  /** The domain whose certificate a client is shown that trusts the authority, or what went wrong, by service. */
  readonly certificates: ReadonlyMap<string, string>;
  /** The text of HAProxy's configuration. */
  readonly config: string;
}

export interface PrometheusView {
  readonly rules: ReadonlyMap<string, string>;
  /** `address:port` of the targets by job. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

export interface ReplicasView {
  /** In the specs. */
  readonly wanted: ReadonlyMap<string, number>;
  /** What was set last by the scaler or by the walk, for services with bounds. */
  readonly decided: ReadonlyMap<string, number>;
}

/** What is different in the proxies, in words; nothing when all is as the labels say. */
export function proxyDifferences(
  expected: ExpectedState,
  views: readonly ProxyView[],
  injected: string,
): readonly string[] {
  return views.flatMap((view) => {
    const where = `proxy on ${view.node}`;
    return [
      ...mapDifferences(`${where}: routes of`, expected.routes, withoutEarlier(expected, view.routes)),
      ...mapDifferences(`${where}: canary`, expected.canaries, withoutEarlier(expected, view.canaries)),
      ...mapDifferences(`${where}: answer of`, expected.answers, view.answers),
      ...mapDifferences(`${where}: certificate of`, expected.certificates, view.certificates),
      ...directivesWith(injected, view.config).map(
        (line) => `${where}: a label has become the line "${line}"`,
      ),
    ];
  });
}

/** Without what a proxy had accepted of a service before its labels were rejected. */
function withoutEarlier<T>(
  { rejected }: ExpectedState,
  seen: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  return new Map(
    [...seen].filter(([name, value]) => {
      const path = rejected.get(name);
      return !rejected.has(name) || (path !== undefined && JSON.stringify(value).includes(`"${path}"`));
    }),
  );
}

/** `taskAddresses`: those of running tasks on the network that is scraped, by service. */
export function prometheusDifferences(
  expected: ExpectedState,
  taskAddresses: ReadonlyMap<string, readonly string[]>,
  view: PrometheusView,
): readonly string[] {
  const targets = new Map(
    [...expected.scraped].map((name) => [name, (taskAddresses.get(name) ?? []).map((one) => `${one}:8080`)]),
  );
  return [
    ...mapDifferences('Prometheus: rule', expected.rules, view.rules),
    ...mapDifferences('Prometheus: targets of', sortedValues(targets), sortedValues(view.targets)),
  ];
}

/** Counts outside of bounds, and those that are not what was decided last. */
export function replicaDifferences(
  expected: ExpectedState,
  { wanted, decided }: ReplicasView,
): readonly string[] {
  return [...expected.replicas].flatMap(([name, { min, max }]) => {
    const count = wanted.get(name);
    const last = decided.get(name);
    if (count === undefined) return [`Docker: there is no service ${name}`];
    if (count < min || count > max)
      return [`Docker: ${name} has ${count} replica(s), expected ${min === max ? min : `${min} to ${max}`}`];
    return last === undefined || last === count
      ? []
      : [`Docker: ${name} has ${count} replica(s), but ${last} were decided last`];
  });
}

/** Names with other values, those that are missing, and those that nobody asked for. */
export function mapDifferences<T>(
  what: string,
  expected: ReadonlyMap<string, T>,
  seen: ReadonlyMap<string, T>,
): readonly string[] {
  const names = [...new Set([...expected.keys(), ...seen.keys()])].sort();
  return names.flatMap((name) => {
    const [wanted, found] = [show(expected.get(name)), show(seen.get(name))];
    return wanted === found ? [] : [`${what} ${name}: ${found}, expected ${wanted}`];
  });
}

function show(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

function sortedValues(map: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  return new Map([...map].map(([name, values]) => [name, [...values].sort()]));
}

/** Lines that begin with a word of HAProxy and then the text; inside quotes it is harmless. */
function directivesWith(injected: string, config: string): readonly string[] {
  return config.split('\n').flatMap((line) => {
    const bare = line.trim();
    return /^(?:server|bind|acl|use_backend|backend|frontend)\s/.test(bare) && bare.includes(injected)
      ? [bare]
      : [];
  });
}
