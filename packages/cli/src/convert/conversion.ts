import { knownLabel } from '@docker-flow/labels';

/** A label of another proxy that none of ours takes the place of. */
export interface LeftOver {
  /** As written. */
  readonly label: string;
  readonly reason: string;
}

/** A label as it stands in a file, variables and all. */
export interface WrittenLabel {
  readonly name: string;
  readonly text: string;
}

/** What becomes of the labels of one service: ours, and what has no equal. */
export interface Conversion {
  /** Names without prefix, with their number. */
  readonly labels: readonly (readonly [name: string, text: string])[];
  readonly left: readonly LeftOver[];
}

/** Labels of one destination, by name without number. */
export type Route = Map<string, string>;

/** Collects what becomes of one service. */
export interface ServiceDraft {
  /** A label of the service as a whole; a second value for it is left over. */
  readonly set: (name: string, text: string, source: string) => void;
  /** The same for a destination; labels that have no number go to the service. */
  readonly setOn: (route: Route, name: string, text: string, source: string) => void;
  readonly leave: (label: string, reason: string) => void;
  readonly addRoute: (route: Route) => void;
  readonly finish: () => Conversion;
}

/** Destinations beyond it are never read. */
const MOST_ROUTES = 10;
/** What is a list and may grow. */
const LISTS = new Set([
  'setReqHeader',
  'setResHeader',
  'delReqHeader',
  'delResHeader',
  'allowFrom',
  'denyFrom',
  'redirectFromDomain',
]);
const REWRITES = 'reqPathSearchReplace';

export function createDraft(): ServiceDraft {
  const service: Route = new Map([['notify', 'true']]);
  const routes: Route[] = [];
  const left: LeftOver[] = [];

  function put(target: Route, name: string, text: string, source: string): void {
    const before = target.get(name);
    if (before === undefined || before === text) target.set(name, text);
    else if (LISTS.has(name)) target.set(name, `${before},${text}`);
    else if (name === REWRITES) target.set(name, `${before}:${text}`);
    else left.push({ label: source, reason: `com.df.${name} is ${before} already, and holds one value` });
  }

  return {
    set: (name, text, source) => put(service, name, text, source),
    setOn: (route, name, text, source) =>
      put(knownLabel(name)?.label.indexed === true ? route : service, name, text, source),
    leave(label, reason) {
      if (!left.some((one) => one.label === label && one.reason === reason)) left.push({ label, reason });
    },
    addRoute: (route) => void routes.push(route),
    finish() {
      const kept = routes.slice(0, MOST_ROUTES);
      for (const route of routes.slice(MOST_ROUTES))
        left.push({
          label: route.get('serviceDomain') ?? route.get('servicePath') ?? 'a route',
          reason: `a service has at most ${MOST_ROUTES} destinations`,
        });
      const numbered = kept.flatMap((route, i) =>
        [...route].map(([name, text]) => [kept.length === 1 ? name : `${name}.${i + 1}`, text] as const),
      );
      return { labels: [...service, ...numbered], left };
    },
  };
}
