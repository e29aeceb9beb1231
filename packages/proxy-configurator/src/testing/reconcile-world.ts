import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import type { LoadedCertificate } from '../core/changes/certificate-changes.js';
import type { Capabilities } from '../core/model/settings.js';
import type { ServiceVersion } from '../core/model/service-version.js';
import type { RenderedConfig } from '../core/text/render.js';
import { tablePathIn } from '../haproxy/table-path.js';
import { createReconciliation } from '../install/reconcile.js';
import type {
  AddressCache,
  CheckResult,
  ConfigFiles,
  Haproxy,
  Outcome,
  ReloadResult,
  Run,
} from '../ports.js';
import { createServiceStore } from '../services/service-store.js';
import { routedService, settingsOf } from './render-services.js';

/** A service with a route of its own. */
export function web(name: string, more: Parameters = {}): Parameters {
  return { serviceName: name, servicePath: `/${name}`, port: '80', ...more };
}

/** A reconciliation among fakes: files in memory, and a HAProxy that refuses what `refuses` says. */
export function reconcileWorld(
  environment: Readonly<Record<string, string>> = {},
  version: Capabilities['version'] = [2, 6],
) {
  const settings = settingsOf('/nowhere', environment);
  const store = createServiceStore();
  const addresses = new Map<string, readonly string[]>();
  const runs: Run[] = [];
  const versionOf = (parameters: Parameters): ServiceVersion => ({
    parameters,
    routed: routedService(parameters, settings),
    warnings: [],
  });
  const world = {
    store,
    addresses,
    runs,
    /** What HAProxy says against a text; `undefined` when it takes it. */
    refuses: (() => undefined) as (text: string) => string | undefined,
    reloadResult: { ok: true, pid: 1 } as ReloadResult,
    certificates: [] as readonly LoadedCertificate[],
    certified: [] as readonly string[],
    thumbprint: undefined as string | undefined,
    /** Whether certificates are left out after HAProxy has complained. */
    leaveOut: (() => false) as (complaints: readonly string[]) => boolean,
    /** PEMs of labels at the last look, by service. */
    labels: new Map() as ReadonlyMap<string, string>,
    takenPorts: new Set<number>(),
    isRunning: false,
    staged: '',
    live: undefined as string | undefined,
    previous: undefined as string | undefined,
    reloads: 0,
    checks: 0,
    /** The texts that HAProxy was asked about. */
    checked: [] as string[],
    commands: [] as string[],
    /** What HAProxy answers to commands; `undefined`: it takes them. */
    commandAnswer: undefined as string | undefined,
    /** A service is told of whose name leads nowhere yet. */
    wait(parameters: Parameters): void {
      const awaited = versionOf(parameters);
      const request = { parameters, service: awaited.routed.service, refusal: undefined, warnings: [] };
      const rejection = { kind: 'unresolved', status: 500, message: 'leads nowhere' } as const;
      store.open(request.service.name).reject({ ...rejection, request, awaited });
    },
    /** Asks for a version of a service. */
    want(parameters: Parameters): ServiceVersion {
      const version = versionOf(parameters);
      store.open(version.routed.service.name).accept(version);
      return version;
    },
    rejected: () => store.entries().flatMap(({ name, rejection }) => (rejection ? [name] : [])),
    backends: () => [...(world.live ?? '').matchAll(/^backend (\S+)$/gm)].map(([, name]) => name),
  };
  const files: ConfigFiles = {
    configFile: '/cfg/haproxy.cfg',
    tablePath: (table) => tablePathIn('/cfg/tables', table),
    stage(rendered: RenderedConfig) {
      world.staged = rendered.text;
      return Promise.resolve('/cfg/haproxy.cfg.new');
    },
    place() {
      world.previous = world.live;
      world.live = world.staged;
      return Promise.resolve();
    },
    restore() {
      const isThere = world.previous !== undefined;
      world.live = world.previous;
      return Promise.resolve(isThere);
    },
    clean: () => Promise.resolve(),
    read: () => Promise.resolve(world.live),
  };
  const haproxy: Haproxy = {
    check(file): Promise<CheckResult> {
      world.checks += 1;
      const text = file === files.configFile ? (world.live ?? '') : world.staged;
      world.checked.push(text);
      const complaint = world.refuses(text);
      return Promise.resolve({ ok: complaint === undefined, output: complaint ?? '' });
    },
    reload() {
      world.reloads += 1;
      const complaint = world.refuses(world.live ?? '');
      if (complaint !== undefined)
        return Promise.resolve({ ok: false, output: complaint, reason: 'reload failed' });
      if (world.reloadResult.ok) world.isRunning = true;
      return Promise.resolve(world.reloadResult);
    },
    running: () => world.isRunning,
    throttle: () => Promise.resolve(),
    processes: () => Promise.resolve(undefined),
    command(text) {
      world.commands.push(text);
      return Promise.resolve(world.commandAnswer ?? text.split(';').map(takenCommand).join('\n'));
    },
  };
  const reconciliation = createReconciliation(
    {
      addresses: { known: addresses } as unknown as AddressCache,
      files,
      haproxy,
      certificates: {
        generatesList: true,
        refresh(labels) {
          world.labels = labels?.pems ?? new Map();
          return Promise.resolve([
            ...world.certificates,
            ...[...world.labels].map(([service, pem]) => ({
              path: `/labels/${pem}`,
              names: [service],
              version: '',
            })),
          ]);
        },
        blamed: (complaints) =>
          new Map(
            [...world.labels].flatMap(([service, pem]) => {
              const said = complaints.find((one) => one.includes(`'/labels/${pem}'`));
              return said === undefined ? [] : [[service, said] as const];
            }),
          ),
        leaveOut: (complaints) => world.leaveOut(complaints),
        read: () => Promise.resolve('PEM'),
      },
      certified: {
        file: settings.paths.certifiedNames,
        refresh: () => Promise.resolve(world.certified),
        isStale: () => false,
      },
      thumbprint: () => world.thumbprint,
      mainTemplate: () => Promise.resolve(undefined),
      canListen: (port) => Promise.resolve(!world.takenPorts.has(port)),
      logger: silentLogger(),
    },
    { settings, capabilities: { version, prometheusExporter: true, lua: true } },
  );
  /** One run for the services of the store, which learns the verdicts. */
  async function run(force = false): Promise<Outcome> {
    const wanted = { candidates: store.candidates(), awaited: store.awaited() };
    const done = await reconciliation.run(wanted, force);
    store.settle(done.verdicts);
    runs.push(done);
    return done.outcome;
  }
  return Object.assign(world, { reconciliation, run });
}

/** What HAProxy says to a command that it takes. */
function takenCommand(command: string): string {
  if (command.startsWith('add server')) return 'New server registered.\n';
  if (command.startsWith('add backend')) return 'New backend registered.\n';
  if (command.startsWith('publish backend')) return 'Backend published.\n';
  if (command.startsWith('help')) return '  add backend <backend> : add a new backend\n';
  if (command.startsWith('prepare map')) return 'New version created: 1\n';
  if (command === 'show map') return '0 (/cfg/tables/routes-path-prefix-0f.map) pattern\n';
  return command.startsWith('del server') ? 'Server deleted.\n' : '\n';
}

/** HAProxy's complaint about the first line that holds a word, with the number of the line. */
export function complaintAbout(word: string): (text: string) => string | undefined {
  return (text) => {
    const at = text.split('\n').findIndex((line) => line.includes(word));
    return at < 0
      ? undefined
      : `[ALERT] (1) : config : parsing [/cfg/haproxy.cfg.new:${at + 1}] : bad ${word}`;
  };
}
