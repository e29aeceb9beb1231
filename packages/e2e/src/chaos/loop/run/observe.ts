import type { Parameters } from '@docker-flow/labels';
import type { EngineService, EngineTask } from '@docker-flow/testkit';
import { getStatus } from '../../../harness/http-get.js';
import { askSecurely } from '../../../harness/shown-certificate.js';
import { wantedState } from '../../cluster-state.js';
import type { ProxyView, PrometheusView } from '../expect/compare-views.js';
import type { ProcessFigures } from '../expect/process-growth.js';
import { PROGRAMS } from '../plan/faults.js';
import { SCRAPE_NETWORK } from '../plan/walked-service.js';
import {
  containersOf,
  haproxyProcesses,
  jsonOf,
  lookInside,
  mainProcess,
  type Container,
  type Look,
} from './containers.js';
import { listFrom, runningAddress, type Nodes } from './nodes.js';

/** All that is compared at a quiet point, seen within a few seconds. */
export interface Observation {
  /** By the name of the service, from the cluster itself and from the listener. */
  readonly cluster: ReadonlyMap<string, Parameters>;
  readonly listener: ReadonlyMap<string, Parameters>;
  readonly proxies: readonly ProxyView[];
  readonly proxyAddresses: readonly string[];
  readonly prometheus: PrometheusView;
  readonly taskAddresses: ReadonlyMap<string, readonly string[]>;
  readonly replicas: ReadonlyMap<string, number>;
  readonly activities: readonly Activity[];
  readonly figures: readonly ProcessFigures[];
}

/** What the scaler says it did. */
export interface Activity {
  readonly service: string;
  readonly outcome: string;
  readonly to?: number;
  readonly atMs: number;
  readonly lastAtMs: number;
}

const HERE = 'http://127.0.0.1:8080';
const PROXY_API = `${HERE}/v1/docker-flow-proxy`;
const PROMETHEUS_API = 'http://127.0.0.1:9090/monitor/api/v1';
const URLS: Partial<Record<string, readonly string[]>> = {
  'swarm-listener': [`${HERE}/v1/docker-flow-swarm-listener/get-services`],
  proxy: [`${PROXY_API}/status`, `${PROXY_API}/config`],
  monitor: [`${PROMETHEUS_API}/rules?type=alert`, `${PROMETHEUS_API}/targets?state=active`],
  scaler: [`${HERE}/v1/activities?limit=500`],
};
/** Without Node, so that nobody can look from inside. */
const CLOSED = 'alert-manager';

interface Seen {
  readonly program: string;
  readonly container: Container;
  readonly look: Look;
}

/** What every proxy is asked for, by service. */
export interface Questions {
  readonly paths: ReadonlyMap<string, string>;
  /** Over TLS, for the certificate of the domain. */
  readonly domains: ReadonlyMap<string, string>;
  /** PEM of the root of the authority; absent when nobody orders certificates. */
  readonly root?: string;
  /** Services of the walk. */
  readonly isOurs: (service: string) => boolean;
}

/**
 * Looks at everything.
 *
 * @throws {Error} when a program is not there or does not answer
 */
export async function observe(nodes: Nodes, questions: Questions): Promise<Observation> {
  const { isOurs } = questions;
  const isThere = (program: string) =>
    program !== CLOSED && (program !== 'certificates' || questions.root !== undefined);
  const seen = await lookAtPrograms(nodes, PROGRAMS.filter(isThere));
  const of = (program: string) => seen.filter((one) => one.program === program);
  const [listener, monitor, scaler] = [of('swarm-listener')[0], of('monitor')[0], of('scaler')[0]];
  if (!listener || !monitor || !scaler) throw new Error('listener, monitor or scaler does not run');
  const engine = { call: nodes.ask, followEvents: () => Promise.reject(new Error('not here')) };
  const [services, tasks] = await Promise.all([
    listFrom<EngineService>(nodes, '/services'),
    listFrom<EngineTask>(nodes, '/tasks'),
  ]);
  const listed = jsonOf(listener.look, 0) as readonly Parameters[];
  const only = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([name]) => isOurs(name)));
  return {
    cluster: only(await wantedState(engine)),
    listener: only(new Map(listed.map((one) => [one['serviceName'] ?? '', one]))),
    proxies: await Promise.all(of('proxy').map((one) => proxyView(one, questions))),
    proxyAddresses: of('proxy').map(({ container }) => container.node.address),
    prometheus: prometheusView(monitor.look, isOurs),
    taskAddresses: addressesOf(services, tasks),
    replicas: new Map(services.map(({ Spec: spec }) => [spec.Name, spec.Mode?.Replicated?.Replicas ?? 0])),
    activities: (jsonOf(scaler.look, 0) as { readonly activities: readonly Activity[] }).activities,
    figures: seen.map(figuresOf),
  };
}

async function lookAtPrograms(nodes: Nodes, programs: readonly string[]): Promise<readonly Seen[]> {
  const found = await Promise.all(
    programs.map(async (program) => {
      const containers = await containersOf(nodes, program);
      if (containers.length === 0) throw new Error(`no container of ${program} runs`);
      return Promise.all(
        containers.map(async (container) => ({
          program,
          container,
          look: await lookInside(container, ...(URLS[program] ?? [])),
        })),
      );
    }),
  );
  return found.flat();
}

interface ProxyStatus {
  readonly services: readonly {
    readonly service: string;
    readonly canaryOf?: string;
    readonly canaryWeight?: number;
    readonly routes: readonly { readonly paths: readonly string[] }[];
  }[];
}

async function proxyView(
  { container, look }: Seen,
  { paths, domains, root, isOurs }: Questions,
): Promise<ProxyView> {
  const services = (jsonOf(look, 0) as ProxyStatus).services.filter(({ service }) => isOurs(service));
  const { address, number } = container.node;
  const answers = await Promise.all(
    [...paths].map(
      async ([service, path]) =>
        [service, await getStatus(`http://${address}${path}`, 'any.test', 15_000)] as const,
    ),
  );
  return {
    node: String(number),
    routes: new Map(
      services.flatMap(({ service, routes, canaryOf }) =>
        canaryOf === undefined ? [[service, routes.flatMap((route) => route.paths)] as const] : [],
      ),
    ),
    canaries: new Map(
      services.flatMap(({ service, canaryOf, canaryWeight }) =>
        canaryOf === undefined ? [] : [[service, `${canaryOf} ${String(canaryWeight)} %`] as const],
      ),
    ),
    answers: new Map(answers),
    certificates: new Map(
      await Promise.all(
        [...domains].map(
          async ([service, domain]) => [service, await shownDomain(container, domain, root)] as const,
        ),
      ),
    ),
    config: look.answers[1]?.text ?? '',
  };
}

/** The domain itself when its certificate is shown and its service answers, else what is wrong, in words. */
async function shownDomain({ node }: Container, domain: string, root = ''): Promise<string> {
  try {
    const { names, status } = await askSecurely(node, { root, name: domain, path: '/demo/hello' });
    if (!names.includes(domain)) return `that of ${names.join(', ')}`;
    return status === 200 ? domain : `status ${status}`;
  } catch (error) {
    return String(error);
  }
}

interface RulesAnswer {
  readonly data: {
    readonly groups: readonly {
      readonly rules: readonly { readonly name: string; readonly query: string }[];
    }[];
  };
}
interface TargetsAnswer {
  readonly data: {
    readonly activeTargets: readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly scrapeUrl: string;
    }[];
  };
}

/** Rules of the stacks about themselves begin with their names. */
const RULES_OF_STACKS = /^(?:flow|certificates)_/;

function prometheusView(look: Look, isOurs: (service: string) => boolean): PrometheusView {
  const rules = (jsonOf(look, 0) as RulesAnswer).data.groups.flatMap((group) => group.rules);
  const targets = new Map<string, string[]>();
  for (const { labels, scrapeUrl } of (jsonOf(look, 1) as TargetsAnswer).data.activeTargets) {
    const job = labels['job'] ?? '';
    if (isOurs(job)) targets.set(job, [...(targets.get(job) ?? []), new URL(scrapeUrl).host]);
  }
  return {
    rules: new Map(
      rules.flatMap(({ name, query }) => (RULES_OF_STACKS.test(name) ? [] : [[name, query] as const])),
    ),
    targets,
  };
}

function addressesOf(
  services: readonly EngineService[],
  tasks: readonly EngineTask[],
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    services.map(({ ID: id, Spec: spec }) => [
      spec.Name,
      tasks.flatMap((task) => {
        const address = task.ServiceID === id ? runningAddress(task, SCRAPE_NETWORK) : undefined;
        return address === undefined ? [] : [address];
      }),
    ]),
  );
}

function figuresOf({ program, container, look }: Seen): ProcessFigures {
  const main = mainProcess(look);
  const { masters, workers } = haproxyProcesses(look);
  return {
    container: container.id,
    program,
    memoryMb: main?.memoryMb ?? NaN,
    descriptors: main?.descriptors ?? NaN,
    haproxies: masters.length + workers.length,
  };
}

/** Services whose tasks do not all run as they should, in words. */
export async function unsettled(nodes: Nodes): Promise<readonly string[]> {
  interface Counted extends EngineService {
    readonly ServiceStatus?: { readonly RunningTasks: number; readonly DesiredTasks: number };
  }
  const services = await listFrom<Counted>(nodes, '/services?status=true');
  return services.flatMap(({ Spec: spec, ServiceStatus: count, UpdateStatus: update }) => {
    if (update?.State === 'updating') return [`${spec.Name} is being updated`];
    return count && count.RunningTasks === count.DesiredTasks && count.DesiredTasks > 0
      ? []
      : [`${spec.Name} runs ${String(count?.RunningTasks)} of ${String(count?.DesiredTasks)} tasks`];
  });
}
