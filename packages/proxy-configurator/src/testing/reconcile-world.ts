import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import type { AddressBook } from '../services/address-book.js';
import type { LoadedCertificate } from '../core/changes/certificate-changes.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { CheckResult, ConfigFiles, Haproxy, ReloadResult } from '../ports.js';
import { createReconciliation, type Run } from '../install/reconcile.js';
import { createServiceRegistry, type ServiceVersion } from '../services/service-registry.js';
import { routedService, settingsOf } from './render-services.js';

/** A reconciliation among fakes: files in memory, and a HAProxy that refuses what `refuses` says. */
export function reconcileWorld(environment: Readonly<Record<string, string>> = {}) {
  const settings = settingsOf('/nowhere', environment);
  const registry = createServiceRegistry();
  const addresses = new Map<string, readonly string[]>();
  const runs: Run[] = [];
  const world = {
    registry,
    addresses,
    runs,
    /** What HAProxy says against a text; `undefined` when it takes it. */
    refuses: (() => undefined) as (text: string) => string | undefined,
    reloadResult: { ok: true, pid: 1 } as ReloadResult,
    certificates: [] as readonly LoadedCertificate[],
    /** What is left of the certificates after HAProxy has complained. */
    leaveOut: (() => undefined) as (
      complaints: readonly string[],
    ) => readonly LoadedCertificate[] | undefined,
    takenPorts: new Set<number>(),
    isRunning: false,
    staged: '',
    live: undefined as string | undefined,
    previous: undefined as string | undefined,
    reloads: 0,
    checks: 0,
    commands: [] as string[],
    commandAnswer: '\n',
    /** Asks for a version of a service. */
    want(parameters: Parameters): ServiceVersion {
      const version = { parameters, routed: routedService(parameters, settings), warnings: [] };
      registry.want(version);
      return version;
    },
    rejected: () => registry.entries().flatMap(({ name, rejection }) => (rejection ? [name] : [])),
    backends: () => [...(world.live ?? '').matchAll(/^backend (\S+)$/gm)].map(([, name]) => name),
  };
  const files: ConfigFiles = {
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
      world.live = world.previous;
      return Promise.resolve();
    },
    clean: () => Promise.resolve(),
    read: () => Promise.resolve(world.live),
  };
  const haproxy: Haproxy = {
    check(): Promise<CheckResult> {
      world.checks += 1;
      const complaint = world.refuses(world.staged);
      return Promise.resolve({ ok: complaint === undefined, output: complaint ?? '' });
    },
    reload() {
      world.reloads += 1;
      if (world.reloadResult.ok) world.isRunning = true;
      return Promise.resolve(world.reloadResult);
    },
    running: () => world.isRunning,
    pace: () => Promise.resolve(),
    processes: () => Promise.resolve(undefined),
    command(text) {
      world.commands.push(text);
      return Promise.resolve(world.commandAnswer);
    },
  };
  const reconciliation = createReconciliation({
    settings,
    capabilities: { version: [2, 6], prometheusExporter: true },
    registry,
    addresses: { known: addresses } as unknown as AddressBook,
    files,
    haproxy,
    configFile: '/cfg/haproxy.cfg',
    tablePath: ({ name }) => `/cfg/tables/${name}`,
    mainTemplate: () => Promise.resolve(undefined),
    prepareCertificates: () => Promise.resolve(world.certificates),
    leaveOutCertificates: (complaints) => Promise.resolve(world.leaveOut(complaints)),
    generatesList: true,
    readCertificate: () => Promise.resolve('PEM'),
    pace: () => Promise.resolve(),
    canListen: (port) => Promise.resolve(!world.takenPorts.has(port)),
    onRun: (run) => runs.push(run),
    logger: silentLogger(),
  });
  return Object.assign(world, { reconciliation });
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
