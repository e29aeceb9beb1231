// cluster: --nodes 1
// images: production
// when: ci
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { buildSocketProxy, deployProduction } from '../../harness/swarm/deploy-production.js';
import { problemsOf, type RunningPrometheus, type Series } from '../../grafana/check-dashboard.js';
import { dashboardQueries, variableQueries, type Dashboard } from '../../grafana/dashboard-queries.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import { createSlackReceiver, type SlackReceiver } from '../../harness/programs/slack-receiver.js';
import {
  createSecret,
  deployStack,
  listServices,
  networkVariables,
  wantedReplicas,
} from '../../harness/swarm/stack.js';
import { createProgress } from '../../harness/progress.js';
import { until, type Checked } from '../../harness/until.js';

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const OPERATOR = `Basic ${Buffer.from('operator:secret').toString('base64')}`;
const prometheusUrl = `http://${cluster.address}/monitor`;
const quick = { SCRAPE_INTERVAL: '2s', EVALUATION_INTERVAL: '2s', ALERT_FOR: '5s', SCALE_DOWN_COOLDOWN: '0' };

let slack: SlackReceiver;

beforeAll(async () => {
  slack = await createSlackReceiver(cluster.gateway);
  await buildSocketProxy(docker, root);
  await createSecret(docker, 'dfp_users_operators', 'operator:secret');
});

afterAll(() => slack.close());

test('one command deploys the production set', async () => {
  const first = await deploy();
  expect(first.output).toContain('Everything runs.');
  expect(first.code).toBe(0);
  expect(first.output).toMatch(/labels of \d services are live/);
  expect(first.output).not.toMatch(/labels (are not|could not be) /);
  const services = await listServices(docker);
  expect(services.map(({ name }) => name).sort()).toEqual([
    'flow_alert-manager',
    'flow_dashboard',
    'flow_docker-guard',
    'flow_docker-read',
    'flow_monitor',
    'flow_proxy',
    'flow_scaler',
    'flow_swarm-listener',
  ]);
});

test('the second time it changes nothing and makes up no passwords', async () => {
  const before = await docker.run(['secret', 'ls', '--quiet']);
  const second = await deploy();
  expect([second.code, await docker.run(['secret', 'ls', '--quiet'])]).toEqual([0, before]);
  expect(second.output).not.toContain('password');
});

test('Prometheus is shown to operators only', async () => {
  await until('the route to Prometheus', () => answers(`${prometheusUrl}/-/ready`, 200, OPERATOR));
  expect(await statusOf(`${prometheusUrl}/-/ready`)).toBe(401);
  // The route of the scaler may come later than that of Prometheus.
  const others = await until('the scaler asks for a password', async () => {
    const status = await statusOf(`http://${cluster.address}/scaler/`);
    return status < 500 ? { done: status } : { notYet: `status ${status}` };
  });
  expect(others).toBe(401);
});

test('the APIs of proxy and scaler ask for their tokens', async () => {
  const config = await askInside(docker, 'flow_proxy', 'http://127.0.0.1:8080/v1/docker-flow-proxy/config');
  expect(config).toContain('needs a token');
  const id = (
    await docker.run(['ps', '-q', '--filter', 'label=com.docker.swarm.service.name=flow_scaler'])
  ).trim();
  const script = 'fetch(process.argv[1], { method: "POST" }).then((answer) => console.log(answer.status))';
  const url = 'http://127.0.0.1:8080/v1/scale-service?service=flow_monitor&scale=up';
  expect((await docker.run(['exec', id, 'node', '-e', script, url])).trim()).toBe('401');
});

test('a service is routed, scraped and scaled through socket proxies and tokens', async () => {
  const variables = { ...networkVariables(cluster.hasIpvs), ...quick };
  await deployStack(docker, cluster.stacksDir, 'go-demo-instrument-alert-short.yml', 'go-demo', variables);
  await until('a route', () => answers(`http://${cluster.address}/demo/hello`, 200), {
    everyMs: 2_000, // each time before that is an error of the proxy, and more than fifty would fire an alert
  });
  await until(
    'go-demo_main scaled down to 2 replicas',
    async () => {
      const replicas = await wantedReplicas(docker, 'go-demo_main');
      return replicas === 2 ? { done: true } : { notYet: `${replicas} replicas` };
    },
    { everyMs: 1_000, onWait: (reason) => progress.waiting(reason) },
  );
});

test('no alert of the stack about itself fires while everything works', async () => {
  const rules = await ask<{ groups: { rules: { name: string }[] }[] }>('rules');
  const own = rules.groups.flatMap((group) => group.rules).filter((rule) => rule.name.startsWith('flow_'));
  expect(own.length).toBeGreaterThan(12);
  await until(
    'no alert of the stack fires',
    async () => {
      const { alerts } = await ask<{ alerts: { labels: { alertname: string } }[] }>('alerts');
      const firing = alerts.map(({ labels }) => labels.alertname).filter((name) => name.startsWith('flow_'));
      return firing.length === 0 ? { done: true } : { notYet: firing.join(', ') };
    },
    { everyMs: 1_000 },
  );
});

test('people read in Slack that a service is not routed as it asks', async () => {
  const label = ['--label-add', 'com.df.port=http'];
  await docker.run(['service', 'update', '--detach', ...label, 'go-demo_main']);
  await until(
    'a message about go-demo_main',
    () => {
      const said = slack.messages().map(({ text }) => text);
      const isSaid = said.some((text) => text.includes('go-demo_main is not routed as it asks'));
      return Promise.resolve(isSaid ? { done: true } : { notYet: said.join(' | ') });
    },
    { everyMs: 1_000, onWait: (reason) => progress.waiting(reason) },
  );
  await docker.run(['service', 'update', '--detach', '--label-add', 'com.df.port=8080', 'go-demo_main']);
});

test('a certificate is added while the proxy runs', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'certificate-'));
  const [key, certificate] = [path.join(dir, 'key.pem'), path.join(dir, 'certificate.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90', '-subj', '/CN=shop.example.com'],
    ...['-keyout', key, '-out', certificate],
  ]);
  const pem = (await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8'));
  await rm(dir, { recursive: true });
  expect(await putCertificate('shop.pem', pem)).toBe('200');
});

const dir = path.join(cluster.stacksDir, 'grafana/dashboards');

test.each(readdirSync(dir))('Grafana: every query of %s is about what Prometheus has', async (file) => {
  const dashboard = JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as Dashboard;
  const queries = [...dashboardQueries(dashboard), ...variableQueries(dashboard)];
  await until(
    `an answer to every query of ${file}`,
    async () => {
      const problems = await problemsOf(queries, running, isExcused);
      return problems.length === 0 ? { done: true } : { notYet: problems.join('; ') };
    },
    // Some counters begin when Alertmanager repeats itself.
    { everyMs: 2_000, onWait: (reason) => progress.waiting(reason) },
  );
});

/** Through the API of the proxy, with the token that only its own container can read. Answers the status. */
async function putCertificate(name: string, pem: string): Promise<string> {
  const ids = await docker.run(['ps', '-q', '--filter', 'label=com.docker.swarm.service.name=flow_proxy']);
  const script = `
    const { readFileSync } = require('node:fs');
    const headers = { authorization: 'Bearer ' + readFileSync('/run/secrets/api_token', 'utf8').trim() };
    const url = 'http://127.0.0.1:8080/v1/docker-flow-proxy/cert?certName=' + process.argv[1];
    fetch(url, { method: 'PUT', headers, body: readFileSync(0) }).then(({ status }) => console.log(status));`;
  const args = ['exec', '-i', ids.trim().split('\n')[0] ?? '', 'node', '-e', script, name];
  return (await docker.run(args, { input: pem })).trim();
}

/** Metrics that are not there in this test, and why. */
function isExcused(metric: string): boolean {
  if (metric.startsWith('container_')) return true; // cAdvisor's image is someone else's
  if (metric.startsWith('docker_flow_certificates_')) return true; // that program is deployed with --email only
  return ONLY_AFTER_TROUBLE.includes(metric);
}

/** Series that begin with the first error, or with the first deploy that resets replicas. */
const ONLY_AFTER_TROUBLE = [
  'docker_flow_error',
  'docker_flow_scaler_aws_errors_total',
  'docker_flow_scaler_docker_errors_total',
  'docker_flow_scaler_restores_total',
];

const running: RunningPrometheus = {
  async query(query) {
    const { result } = await ask<{ result: readonly Series[] }>(`query?query=${encodeURIComponent(query)}`);
    return result;
  },
  metricNames: async () => new Set(await ask<readonly string[]>('label/__name__/values')),
};

async function ask<T>(question: string): Promise<T> {
  const answer = await fetch(`${prometheusUrl}/api/v1/${question}`, { headers: { authorization: OPERATOR } });
  const body = (await answer.json()) as { readonly data: T; readonly error?: string };
  if (body.error !== undefined) throw new Error(body.error);
  return body.data;
}

async function statusOf(url: string, authorization?: string): Promise<number> {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) });
  await answer.arrayBuffer();
  return answer.status;
}

async function answers(url: string, wanted: number, authorization?: string): Promise<Checked<true>> {
  const status = await statusOf(url, authorization);
  return status === wanted ? { done: true } : { notYet: `${url} answers ${status}` };
}

function deploy(): Promise<{ readonly code: number; readonly output: string }> {
  return deployProduction({
    root,
    env: { ...quick, SLACK_WEBHOOK_URL: slack.url },
    onOutput: (text) => progress.note(text),
  });
}
