import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPebble, type Pebble } from '@docker-flow/testkit';
import { startAlertmanager } from './alertmanager-process.js';
import { freePort, startProgram, type ProgramProcess } from './program-process.js';

export interface LoopProcessesOptions {
  /** The checkout, whose programs are built. */
  readonly root: string;
  readonly dockerHost: string;
}

type LoopProgram =
  'listener' | 'proxy' | 'monitor' | 'prometheus' | 'alertmanager' | 'scaler' | 'certificates';

/** Every built program of the loop, with real HAProxy, Prometheus, Alertmanager and authority, beside a Docker Engine. */
export interface LoopProcesses {
  /** Addresses by what they are to the dashboard. */
  readonly addresses: Readonly<Record<LoopProgram, string>>;
  /** Where HAProxy answers. */
  readonly httpPort: number;
  /** Process ids of our programs. */
  readonly pids: ReadonlyMap<string, number>;
  /** Where all of them keep their files. */
  readonly folder: string;
  stop(): Promise<void>;
}

const RECEIVERS = {
  proxy: '/v1/docker-flow-proxy',
  monitor: '/v1/docker-flow-monitor',
  certificates: '/v1/docker-flow-certificates',
} as const;

/** Starts all of them; intervals are short, so that what happens is seen soon. */
export async function startLoop({ root, dockerHost }: LoopProcessesOptions): Promise<LoopProcesses> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loop-'));
  const pids = new Map<string, number>();
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  async function start(name: string, environment: Readonly<Record<string, string>>): Promise<ProgramProcess> {
    const program = await startProgram(root, name, { LOG_LEVEL: 'warn', ...environment });
    pids.set(name, program.pid);
    ends.push(() => program.stop());
    return program;
  }
  try {
    const [httpPort, prometheusPort] = [await freePort(), await freePort()];
    const prometheus = `http://127.0.0.1:${prometheusPort}`;
    const [pebble, alertmanager] = await Promise.all([
      startPebble({ httpPort }),
      startAlertmanager(folder, process.env),
      prepareProxy(root, folder),
    ]);
    ends.push(
      () => pebble.stop(),
      () => alertmanager.stop(),
    );
    const [proxy, monitor, scaler] = await Promise.all([
      start('proxy-configurator', {
        DF_FS_ROOT: path.join(folder, 'proxy'),
        DEFAULT_PORTS: String(httpPort),
        ALLOW_LOOPBACK: 'true',
        RELOAD_INTERVAL: '100',
      }),
      start('monitor', {
        ARG_CONFIG_FILE: path.join(folder, 'prometheus.yml'),
        ARG_STORAGE_TSDB_PATH: path.join(folder, 'prometheus'),
        'ARG_WEB_LISTEN-ADDRESS': `127.0.0.1:${prometheusPort}`,
        ARG_ALERTMANAGER_URL: alertmanager.url,
        'ARG_RULES_ALERT_RESEND-DELAY': '1s',
        GLOBAL_SCRAPE_INTERVAL: '1s',
        GLOBAL_EVALUATION_INTERVAL: '1s',
      }),
      start('scaler', { DOCKER_HOST: dockerHost, SCALE_INTERVAL: '1s', PROMETHEUS_URL: prometheus }),
    ]);
    const certificates = await start('certificates', certificatesEnvironment(folder, proxy.url, pebble));
    const urls = { proxy: proxy.url, monitor: monitor.url, certificates: certificates.url };
    const listener = await start('swarm-listener', {
      DF_DOCKER_HOST: dockerHost,
      DF_INCLUDE_NODE_IP_INFO: 'true',
      DF_TASK_POLLING_INTERVAL: '1',
      DF_NOTIFY_CREATE_SERVICE_URL: receivers(urls, 'reconfigure'),
      DF_NOTIFY_REMOVE_SERVICE_URL: receivers(urls, 'remove'),
    });
    const addresses = {
      ...urls,
      listener: listener.url,
      prometheus,
      alertmanager: alertmanager.url,
      scaler: scaler.url,
    };
    return { addresses, httpPort, pids, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function receivers(urls: Readonly<Record<keyof typeof RECEIVERS, string>>, what: string): string {
  const names = Object.keys(RECEIVERS) as (keyof typeof RECEIVERS)[];
  return names.map((name) => `${urls[name]}${RECEIVERS[name]}/${what}`).join(',');
}

/** What the image of the proxy has in its folders. */
async function prepareProxy(root: string, folder: string): Promise<void> {
  for (const place of ['cfg/tmpl', 'certs', 'run/secrets', 'var/run'])
    await mkdir(path.join(folder, 'proxy', place), { recursive: true });
  await cp(path.join(root, 'docker', 'error-pages'), path.join(folder, 'proxy', 'errorfiles'), {
    recursive: true,
  });
}

function certificatesEnvironment(
  folder: string,
  proxy: string,
  pebble: Pebble,
): Readonly<Record<string, string>> {
  return {
    STATE_DIR: path.join(folder, 'certificates'),
    PROXY_ADDRESS: proxy,
    DIRECTORY_URL: pebble.directoryUrl,
    CA_FILE: pebble.caFile,
    AGREE_TOS: 'true',
    SETTLE: '100ms',
    PROXY_LOOK_INTERVAL: '1s',
  };
}
