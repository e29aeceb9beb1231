import Docker from 'dockerode';
import { serviceSpec } from '../harness/swarm/service-spec.js';
import type { DockerCli } from '../harness/swarm/docker-cli.js';
import { getStatus } from '../harness/http-get.js';
import { askInside } from '../harness/swarm/inside-container.js';
import type { PrometheusApi } from '../harness/prometheus/prometheus-api.js';
import { until, type Checked } from '../harness/until.js';

const NOTIFY = { 'com.df.notify': 'true', 'com.df.distribute': 'true' } as const;

export interface BadLabelsWorld {
  readonly docker: DockerCli;
  readonly dockerSocket: string;
  readonly proxyUrl: string;
  readonly prometheus: PrometheusApi;
  readonly image: string;
}

/** One service whose labels cannot be read, beside two whose labels can. */
export const SERVICES = {
  good: 'bad-labels-good',
  other: 'bad-labels-other',
  bad: 'bad-labels-bad',
} as const;

/** Creates the two good services and the bad one between them. */
export async function createServices({ dockerSocket, image }: BadLabelsWorld): Promise<void> {
  const engine = new Docker({ socketPath: dockerSocket });
  const create = (name: string, replicas: number, labels: Readonly<Record<string, string>>) =>
    engine.createService(
      serviceSpec({ name, replicas, image, networks: ['proxy'], labels: { ...NOTIFY, ...labels } }),
    );
  const good = (name: string) => ({
    'com.df.serviceDomain': `${name}.test`,
    'com.df.port': '8080',
    'com.df.discoveryType': 'DNS',
    'com.df.alertName': 'slow',
    'com.df.alertIf': '@resp_time_above:0.1,5m,0.99',
  });
  await create(SERVICES.good, 1, good(SERVICES.good));
  await create(SERVICES.bad, 1, {
    'com.df.serviceDomain': `${SERVICES.bad}.test`,
    'com.df.port': 'abc',
    'com.df.scrapePort': 'abc',
    'com.df.alertName': 'broken',
    'com.df.alertIf': '((',
  });
  await create(SERVICES.other, 1, good(SERVICES.other));
}

export async function removeServices(world: BadLabelsWorld): Promise<void> {
  await world.docker.run(['service', 'rm', ...Object.values(SERVICES)]).catch(() => '');
}

/** Waits until both good services answer through the proxy and have their rules. */
export async function goodServicesWork({ proxyUrl, prometheus }: BadLabelsWorld): Promise<void> {
  for (const name of [SERVICES.good, SERVICES.other]) {
    await until(
      `${name} answers`,
      async () => answered(await getStatus(`${proxyUrl}/metrics`, `${name}.test`)),
      { everyMs: 500 },
    );
    const rule = `${name.replaceAll('-', '')}_slow`;
    await until(
      `rule ${rule}`,
      async () => ((await prometheus.alertRules()).includes(rule) ? { done: true } : { notYet: 'not there' }),
      { everyMs: 500 },
    );
  }
}

function answered(status: number): Checked<true> {
  return status === 200 ? { done: true } : { notYet: `status ${status}` };
}

/** Waits until a metric of a program says what it should. */
export async function metricSays({ docker }: BadLabelsWorld, service: string, sample: RegExp): Promise<void> {
  await until(
    `metric ${sample.source} of ${service}`,
    async () => {
      const text = await askInside(docker, service, 'http://127.0.0.1:8080/metrics');
      return sample.test(text) ? { done: true } : { notYet: 'no such sample' };
    },
    { everyMs: 500 },
  );
}
