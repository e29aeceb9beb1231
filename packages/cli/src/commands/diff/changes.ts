import { meaningKey, type ServiceMeaning, type Values } from './meaning.js';

export interface Change {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly what: 'service' | 'route' | 'scrape' | 'alert' | 'scaling' | 'label';
  /** Full name. */
  readonly service: string;
  /** Of an alert, a label; the number of a route. */
  readonly name?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Meanings = ReadonlyMap<string, ServiceMeaning>;

/** What changes from one side to the other, in the order of the new side; what is gone comes last. */
export function changesBetween(before: Meanings, after: Meanings): readonly Change[] {
  const gone = [...before].filter(([service]) => !after.has(service));
  return [
    ...[...after].flatMap(([service, now]): readonly Change[] => {
      const then = before.get(service);
      return then
        ? changesOf(service, then, now)
        : [{ kind: 'added', what: 'service', service, after: whole(now) }];
    }),
    ...gone.map(([service, then]): Change => ({
      kind: 'removed',
      what: 'service',
      service,
      before: whole(then),
    })),
  ];
}

function changesOf(service: string, then: ServiceMeaning, now: ServiceMeaning): readonly Change[] {
  const one = (what: Change['what'], before: Values | undefined, after: Values | undefined, name?: string) =>
    changeOf({ what, service, ...(name === undefined ? {} : { name }) }, before, after);
  const each = (
    what: Change['what'],
    before: ReadonlyMap<string, Values>,
    after: ReadonlyMap<string, Values>,
  ) =>
    [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
      one(what, before.get(name), after.get(name), name),
    );
  // Where all routes are new or gone, what holds for all of them is no change of its own.
  const bothRouted = then.routes.size > 0 && now.routes.size > 0;
  return [
    ...(bothRouted ? one('route', then.service, now.service) : []),
    ...each('route', then.routes, now.routes),
    ...one('scrape', then.scrape, now.scrape),
    ...each('alert', then.alerts, now.alerts),
    ...one('scaling', then.scaling, now.scaling),
    ...each('label', then.labels, now.labels),
  ];
}

function changeOf(
  about: Pick<Change, 'what' | 'service' | 'name'>,
  before: Values | undefined,
  after: Values | undefined,
): readonly Change[] {
  if (meaningKey(before) === meaningKey(after)) return [];
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [
    {
      kind,
      ...about,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    },
  ];
}

function whole({ service, routes, scrape, alerts, scaling, labels }: ServiceMeaning): Values {
  const list = (all: ReadonlyMap<string, Values>) =>
    [...all].map(([name, values]) => ({ name, ...shown(values) }));
  return {
    ...shown(service),
    routes: list(routes),
    scrape: scrape ?? null,
    alerts: list(alerts),
    scaling: scaling ?? null,
    labels: Object.fromEntries([...labels].map(([name, values]) => [name, shown(values)['value']])),
  };
}

/** Secrets are compared, and not shown. */
function shown(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'hidden' in value ? '***' : value,
    ]),
  );
}
