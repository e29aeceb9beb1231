import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { readConfig } from './config/config.js';
import { API } from './api/openapi.js';
import { createProgram } from './program.js';

/** The whole program over a directory of its own, with a program in the place of Prometheus. */
const STAND_IN = `#!/bin/sh
trap 'echo "Completed loading of configuration file"' HUP
trap 'exit 0' TERM
echo "$@" > "$(dirname "$0")/arguments"
echo 'Completed loading of configuration file'
echo 'Server is ready to receive web requests.'
while :; do sleep 1 & wait $!; done
`;

let folder: string;
let cleanUp: (() => Promise<unknown>)[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'program-'));
  cleanUp = [];
  writeFileSync(path.join(folder, 'stand-in'), STAND_IN);
  chmodSync(path.join(folder, 'stand-in'), 0o755);
});
afterEach(async () => {
  for (const step of cleanUp) await step();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => path.join(folder, 'fs', name);
const config = () => readFileSync(file('etc/prometheus/prometheus.yml'), 'utf8');

async function start(
  environment: Record<string, string> = {},
  command = path.join(folder, 'stand-in'),
  firstAnswerLimitMs = 60_000,
) {
  const stop = new AbortController();
  let listening: (address: ListenAddress) => void = () => undefined;
  const bound = new Promise<ListenAddress>((resolve) => (listening = resolve));
  const settings = {
    DF_FS_ROOT: path.join(folder, 'fs'),
    DF_LISTEN_ADDRESS: '127.0.0.1:0',
    'ARG_WEB_LISTEN-ADDRESS': '127.0.0.1:1',
  };
  const program = await createProgram(readConfig({ ...settings, ...environment }), {
    logger: silentLogger(),
    version: 'test',
    print: () => undefined,
    onListening: listening,
    prometheusCommand: command,
    firstAnswerLimitMs,
  });
  const running = runActors(program.actors, { logger: silentLogger(), stop: stop.signal });
  const end = async () => {
    stop.abort();
    const status = await running;
    await program.close?.();
    return status;
  };
  cleanUp.push(end);
  const { port } = await bound;
  const ask = (route: string, query: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${route}?${new URLSearchParams(query).toString()}`);
  return {
    ask,
    get: (route: string, query?: Record<string, string>) => ask(API + route, query),
    end,
    running,
  };
}

/** A listener whose answers a test can change. */
async function startListener() {
  const state = { services: [] as unknown, nodes: [] as unknown, failures: 0, requests: 0, etag: '' };
  const server: Server = createServer((request, response) => {
    state.requests += 1;
    if (state.failures-- > 0) response.writeHead(503).end();
    else if (state.etag !== '' && request.headers['if-none-match'] === state.etag)
      response.writeHead(304).end();
    else {
      const body = request.url?.endsWith('get-nodes') ? state.nodes : state.services;
      response.writeHead(200, state.etag === '' ? {} : { ETag: state.etag }).end(JSON.stringify(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { state, url };
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('start', () => {
  test('reads services and nodes before the first answer, and starts Prometheus with what they say', async () => {
    const { state, url } = await startListener();
    state.services = [
      {
        serviceName: 'web',
        scrapePort: 80,
        alertName: 'a',
        alertIf: 'up',
        nodeInfo: '[["n","10.0.0.1","id1"]]',
      },
      { serviceName: '../x', scrapePort: '1' },
      { scrapePort: '1' },
      7,
    ];
    state.nodes = [{ id: 'id1', role: 'worker' }, { role: 'none' }];
    await start({
      LISTENER_ADDRESS: url,
      DF_GET_NODES_URL: `${url}/v1/docker-flow-swarm-listener/get-nodes`,
      DF_NODE_TARGET_LABELS: 'role',
      SCRAPE_PORT_1: '9',
      SERVICE_NAME_1: 'outside.acme.com',
    });
    expect(config()).toContain('job_name: web\n');
    expect(config()).toContain('job_name: outside.acme.com\n');
    expect(readFileSync(file('etc/prometheus/alert.rules'), 'utf8')).toContain('web_a');
    expect(JSON.parse(readFileSync(file('etc/prometheus/file_sd/web.json'), 'utf8'))).toEqual([
      { targets: ['10.0.0.1:80'], labels: { node: 'n', role: 'worker', service: 'web' } },
    ]);
    await until(() => existsSync(path.join(folder, 'arguments')));
    expect(readFileSync(path.join(folder, 'arguments'), 'utf8')).toContain(
      '--config.file=/etc/prometheus/prometheus.yml',
    );
  });

  test('waits for a listener that is being replaced: rules that come later have lost how long they were pending', async () => {
    const { state, url } = await startListener();
    state.failures = 1;
    state.services = [{ serviceName: 'web', scrapePort: '1' }];
    await start({ LISTENER_ADDRESS: `http://127.0.0.1:1,${url}` });
    expect(config()).toContain('job_name: web\n');
  });

  test('goes on without a listener, and takes its services when it comes', async () => {
    const { state, url } = await startListener();
    state.failures = 2;
    state.services = [
      { serviceName: 'late', scrapePort: '1' },
      { serviceName: 'both', scrapePort: '1' },
    ];
    const { get } = await start({ LISTENER_ADDRESS: `http://127.0.0.1:1,${url}` }, undefined, 0);
    expect(config()).not.toContain('late');
    await get('/reconfigure', { serviceName: 'both', scrapePort: '2' });
    await until(() => config().includes('job_name: late\n'));
    expect(config()).toContain('port: 2\n');
  });

  test('without Prometheus answers all the same, and every change fails', async () => {
    const { ask, get } = await start({}, path.join(folder, 'none'));
    const answer = await get('/reconfigure', { serviceName: 'a', scrapePort: '1' });
    expect([answer.status, (await ask('/readyz')).status, (await ask('/healthz')).status]).toEqual([
      500, 503, 503,
    ]);
    expect(config()).toContain('job_name: a\n');
  });

  test('leaves out what Prometheus would not start with', async () => {
    mkdirSync(file('run/secrets'), { recursive: true });
    writeFileSync(file('run/secrets/scrape_x'), '- job_name: fine\n- job_name: bad\n  nonsense: 1\n');
    await start({ CONFIGS_DIR: '/run/secrets', GLOBAL__NONSENSE: 'x', GLOBAL__SCRAPE_INTERVAL: '7s' });
    expect(config()).toBe('global:\n  scrape_interval: 7s\nscrape_configs:\n- job_name: fine\n');
  });
});

describe('a running program', () => {
  test('stays in step with the listener, and removed services lose their persistent alerts in the end', async () => {
    const { state, url } = await startListener();
    state.etag = '"1"';
    state.services = [
      { serviceName: 'a', scrapePort: '1' },
      { serviceName: 'b', scrapePort: '1' },
    ];
    const { get } = await start({ LISTENER_ADDRESS: url, DF_RESYNC_INTERVAL: '50ms' });
    await get('/reconfigure', {
      serviceName: 'kept',
      alertName: 'p',
      alertIf: 'up',
      alertPersistent: 'true',
    });
    state.services = [{ serviceName: 'a', scrapePort: '2' }, { serviceName: 'kept' }];
    state.etag = '"2"';
    await until(() => config().includes('port: 2\n') && !config().includes('job_name: b\n'));
    await get('/reconfigure', {
      serviceName: 'kept',
      alertName: 'p',
      alertIf: 'up',
      alertPersistent: 'true',
    });
    state.services = [{ serviceName: 'a', scrapePort: '2' }];
    state.etag = '"3"';
    await get('/remove', { serviceName: 'kept' });
    await until(() => !existsSync(file('etc/prometheus/alert.rules')));
    expect(config()).toContain('job_name: a\n');
  });

  test('repairs what was removed by mistake, although the list of the listener has not changed', async () => {
    const { state, url } = await startListener();
    state.etag = '"1"';
    state.services = [{ serviceName: 'a', scrapePort: '1' }];
    const { get } = await start({ LISTENER_ADDRESS: url, DF_RESYNC_INTERVAL: '50ms' });
    await get('/remove', { serviceName: 'a' });
    await until(() => config().includes('job_name: a\n'));
  });

  test('accepts notifications far longer than 16 KiB', async () => {
    const { get } = await start();
    const tasks = Array.from({ length: 1_000 }, (_, i) => [
      'node-of-some-name',
      `10.0.${i >> 8}.${i & 255}`,
      'x'.repeat(25),
    ]);
    const answer = await get('/reconfigure', {
      serviceName: 'a',
      scrapePort: '1',
      nodeInfo: JSON.stringify(tasks),
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(readFileSync(file('etc/prometheus/file_sd/a.json'), 'utf8'))).toHaveLength(1_000);
  });

  test('ends with the status of its Prometheus, quickly', async () => {
    const { end } = await start();
    expect(await end()).toBe(0);
  });

  test('ends when its Prometheus ends', async () => {
    writeFileSync(path.join(folder, 'stand-in'), '#!/bin/sh\nsleep 0.3\nexit 7\n');
    const { running } = await start();
    expect(await running).toBe(7);
  });
});
