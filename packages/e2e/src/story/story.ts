import type { DockerCli } from '../harness/swarm/docker-cli.js';
import { createPrometheusApi, type PrometheusApi } from '../harness/prometheus/prometheus-api.js';
import { wantedReplicas } from '../harness/swarm/stack.js';
import { sendTraffic } from '../harness/traffic.js';
import { until } from '../harness/until.js';
import type { Progress } from '../harness/progress.js';

/** Share of answers within 0.1 s that keeps resptimeabove (0.99) silent with room to spare. */
const FAST_ENOUGH = 0.995;

/** Share of the answers of the last five minutes that came within a histogram bound, as the alerts compute it. */
function shareWithin(service: string, bound: string): string {
  const rate = (metric: string, more: string) =>
    `sum(rate(http_server_resp_time_${metric}{job="${service}"${more}}[5m]))`;
  return `${rate('bucket', `,le="${bound}"`)} / ${rate('count', '')}`;
}

/** The service that the story is about: the demo at `/demo`, with 2 to 4 replicas. */
export interface Hero {
  readonly service: string;
  /** Its alerts by the labels, `resptimeabove` and `resptimebelow` among them. */
  readonly alerts: readonly string[];
}

const GO_DEMO: Hero = { service: 'go-demo_main', alerts: ['mem_limit', 'resptimeabove', 'resptimebelow'] };

export interface Story {
  readonly docker: DockerCli;
  /** Where the proxy answers, without slash at the end. */
  readonly proxyUrl: string;
  readonly progress: Progress;
  /** `go-demo_main` when absent. */
  readonly hero?: Hero;
}

/** What each chapter needs. */
interface Scene extends Story {
  readonly hero: Hero;
  readonly prometheus: PrometheusApi;
}

/** The name of an alert's rule in Prometheus. */
function ruleOf({ service }: Hero, alert: string): string {
  return `${service.replaceAll('-', '')}_${alert}`;
}

/**
 * The loop, with real traffic: the demo runs with 3 replicas; it answers fast, so it goes to 2 and stays
 * there; it answers slowly, so it goes back to 3.
 *
 * @throws {Error} that names the step which did not happen, and why
 */
export async function tellStory(story: Story): Promise<void> {
  const prometheus = createPrometheusApi(`${story.proxyUrl}/monitor`);
  const scene: Scene = { ...story, hero: story.hero ?? GO_DEMO, prometheus };
  await everythingIsWired(scene);
  await startIsForgotten(scene);
  await fastAnswersScaleDown(scene);
  await itStaysAtTheMinimum(scene);
  await slowAnswersScaleUp(scene);
}

async function everythingIsWired({ docker, proxyUrl, prometheus, progress, hero }: Scene): Promise<void> {
  const { service, alerts } = hero;
  progress.chapter(`The labels of ${service} do their work`);
  await until('the demo answers through the proxy', () => answers(`${proxyUrl}/demo/hello`), {
    onWait: (reason) => progress.waiting(reason),
  });
  progress.note(`com.df.servicePath=/demo: ${proxyUrl}/demo/hello answers through HAProxy`);
  await until(
    'Prometheus runs the alerting rules of the demo',
    async () => {
      const rules = await prometheus.alertRules();
      const missing = alerts.map((alert) => ruleOf(hero, alert)).filter((rule) => !rules.includes(rule));
      return missing.length === 0
        ? { done: true }
        : { notYet: `Prometheus has no rule ${missing.join(', ')}` };
    },
    { onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(`com.df.alertIf.1 to .${alerts.length}: as many alerting rules are live in Prometheus`);
  await until('Prometheus shows its alerts through the proxy', () => answers(`${proxyUrl}/monitor/alerts`), {
    onWait: (reason) => progress.waiting(reason),
  });
  await until(
    'Prometheus scrapes every replica of the demo',
    async () => {
      const [up, wanted] = [await prometheus.targetsUp(service), await wantedReplicas(docker, service)];
      return up >= wanted ? { done: true } : { notYet: `${up} of ${wanted} replicas are scraped` };
    },
    { onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(`com.df.scrapePort=8080: all replicas are scraped`);
}

/** The first answers of a service that has just started are slow; enough fast ones make them less than 1 %. */
async function startIsForgotten(scene: Scene): Promise<void> {
  await until(
    'more than 99 % of the answers came within 0.1 s',
    async () => {
      const share = await sendFast(scene);
      return share > FAST_ENOUGH
        ? { done: true }
        : { notYet: `${(share * 100).toFixed(1)} % came within 0.1 s` };
    },
    { everyMs: 500, onWait: (reason) => scene.progress.waiting(reason) },
  );
}

/**
 * Sends fast requests, many while slow answers still show in the window, else a few. Answers the share of the
 * answers in the window that came within 0.1 s.
 *
 * @throws {Error} when a request failed: nothing may be lost while replicas come and go
 */
async function sendFast({ proxyUrl, prometheus, hero }: Scene): Promise<number> {
  const share = (await prometheus.value(shareWithin(hero.service, '0.1'))) ?? 0;
  const count = share > FAST_ENOUGH ? 10 : 300;
  const result = await sendTraffic({ url: () => `${proxyUrl}/demo/hello`, count, parallel: 2 });
  if (result.failed > 0)
    throw new Error(`${result.failed} of ${count} requests failed: ${result.failure ?? ''}`);
  return share;
}

async function fastAnswersScaleDown(scene: Scene): Promise<void> {
  const { docker, prometheus, progress, hero } = scene;
  const { service } = hero;
  const before = await wantedReplicas(docker, service);
  progress.chapter(
    `Fast answers: more than 75 % within 0.025 s fires resptimebelow (${service} has ${before} replicas)`,
  );
  await until(
    `${service} scaled down to 2 replicas`,
    async () => {
      await sendFast(scene);
      const replicas = await wantedReplicas(docker, service);
      if (replicas === 2) return { done: true };
      const state = await prometheus.alertState(ruleOf(hero, 'resptimebelow'));
      return { notYet: `alert resptimebelow is ${state}, ${replicas} replicas` };
    },
    { everyMs: 500, onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(
    before === 2 ? `${service} has 2 replicas already` : `${service} was scaled from ${before} to 2 replicas`,
  );
}

async function itStaysAtTheMinimum(scene: Scene): Promise<void> {
  const { docker, proxyUrl, progress } = scene;
  const { service } = scene.hero;
  progress.chapter('The alert goes on firing, but com.df.scaleMin=2 holds');
  const message = await until(
    'the scaler reported that the minimum holds',
    async () => {
      await sendFast(scene);
      const replicas = await wantedReplicas(docker, service);
      if (replicas < 2) throw new Error(`${service} has ${replicas} replicas, below its minimum`);
      const held = (await activities(proxyUrl)).find(
        (one) => one.service === service && one.outcome === 'held',
      );
      return held
        ? { done: held.message }
        : { notYet: `${replicas} replicas; waiting for the next notification` };
    },
    { everyMs: 1_000, onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(message);
}

async function slowAnswersScaleUp({ docker, proxyUrl, prometheus, progress, hero }: Scene): Promise<void> {
  const { service } = hero;
  progress.chapter('Slow answers: fewer than 99 % within 0.1 s fires resptimeabove');
  const slow = () => `${proxyUrl}/demo/hello?delay=${150 + Math.floor(Math.random() * 350)}`;
  await until(
    `${service} scaled up to 3 replicas`,
    async () => {
      // Both alerts can hold at once: enough answers must be slow that fewer than 75 % are fast.
      const fast = (await prometheus.value(shareWithin(service, '0.025'))) ?? 1;
      if (fast > 0.6) {
        const result = await sendTraffic({ url: slow, count: 300, parallel: 60 });
        if (result.failed > 0)
          return { notYet: `${result.failed} of ${result.sent} requests failed: ${result.failure ?? ''}` };
      }
      const replicas = await wantedReplicas(docker, service);
      if (replicas >= 3) return { done: true };
      const state = await prometheus.alertState(ruleOf(hero, 'resptimeabove'));
      return {
        notYet: `${Math.round(fast * 100)} % of the answers are fast, alert resptimeabove is ${state}`,
      };
    },
    { everyMs: 500, onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(`${service} was scaled from 2 to 3 replicas`);
}

async function answers(url: string): Promise<{ done: true } | { notYet: string }> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await answer.arrayBuffer();
  return answer.status === 200 ? { done: true } : { notYet: `${url} answers ${answer.status}` };
}

interface Activity {
  readonly service: string;
  readonly outcome: string;
  readonly message: string;
}

/** What the scaler did, newest first, asked through the proxy. */
async function activities(proxyUrl: string): Promise<readonly Activity[]> {
  const answer = await fetch(`${proxyUrl}/scaler/v1/activities`, { signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`the scaler answers ${answer.status}`);
  return ((await answer.json()) as { activities: Activity[] }).activities;
}
