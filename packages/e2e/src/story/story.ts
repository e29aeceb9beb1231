import type { DockerCli } from '../harness/swarm/docker-cli.js';
import { createPrometheusApi, type PrometheusApi } from '../harness/prometheus/prometheus-api.js';
import { wantedReplicas } from '../harness/swarm/stack.js';
import { sendTraffic } from '../harness/traffic.js';
import { until } from '../harness/until.js';
import type { Progress } from '../harness/progress.js';

const SERVICE = 'go-demo_main';
/** Share of answers within 0.1 s that keeps resptimeabove (0.99) silent with room to spare. */
const FAST_ENOUGH = 0.995;

/** Share of the answers of the last five minutes that came within a histogram bound, as the alerts compute it. */
function shareWithin(bound: string): string {
  const rate = (metric: string, more: string) =>
    `sum(rate(http_server_resp_time_${metric}{job="${SERVICE}"${more}}[5m]))`;
  return `${rate('bucket', `,le="${bound}"`)} / ${rate('count', '')}`;
}

export interface Story {
  readonly docker: DockerCli;
  /** Where the proxy answers, without slash at the end. */
  readonly proxyUrl: string;
  readonly progress: Progress;
}

/**
 * The loop, with real traffic: the demo runs with 3 replicas; it answers fast, so it goes to 2 and stays
 * there; it answers slowly, so it goes back to 3.
 *
 * @throws {Error} that names the step which did not happen, and why
 */
export async function tellStory({ docker, proxyUrl, progress }: Story): Promise<void> {
  const prometheus = createPrometheusApi(`${proxyUrl}/monitor`);
  await everythingIsWired(docker, proxyUrl, prometheus, progress);
  await startIsForgotten(proxyUrl, prometheus, progress);
  await fastAnswersScaleDown(docker, proxyUrl, prometheus, progress);
  await itStaysAtTheMinimum(docker, proxyUrl, prometheus, progress);
  await slowAnswersScaleUp(docker, proxyUrl, prometheus, progress);
}

async function everythingIsWired(
  docker: DockerCli,
  proxyUrl: string,
  prometheus: PrometheusApi,
  progress: Progress,
): Promise<void> {
  progress.chapter('The labels of go-demo_main do their work');
  await until('the demo answers through the proxy', () => answers(`${proxyUrl}/demo/hello`), {
    onWait: (reason) => progress.waiting(reason),
  });
  progress.note(`com.df.servicePath=/demo: ${proxyUrl}/demo/hello answers through HAProxy`);
  await until(
    'Prometheus runs the alerting rules of the demo',
    async () => {
      const rules = await prometheus.alertRules();
      const missing = [
        'godemo_main_mem_limit',
        'godemo_main_resptimeabove',
        'godemo_main_resptimebelow',
      ].filter((rule) => !rules.includes(rule));
      return missing.length === 0
        ? { done: true }
        : { notYet: `Prometheus has no rule ${missing.join(', ')}` };
    },
    { onWait: (reason) => progress.waiting(reason) },
  );
  progress.note('com.df.alertIf.1 to .3: three alerting rules are live in Prometheus');
  await until('Prometheus shows its alerts through the proxy', () => answers(`${proxyUrl}/monitor/alerts`), {
    onWait: (reason) => progress.waiting(reason),
  });
  await until(
    'Prometheus scrapes every replica of the demo',
    async () => {
      const [up, wanted] = [await prometheus.targetsUp(SERVICE), await wantedReplicas(docker, SERVICE)];
      return up >= wanted ? { done: true } : { notYet: `${up} of ${wanted} replicas are scraped` };
    },
    { onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(`com.df.scrapePort=8080: all replicas are scraped`);
}

/** The first answers of a service that has just started are slow; enough fast ones make them less than 1 %. */
async function startIsForgotten(
  proxyUrl: string,
  prometheus: PrometheusApi,
  progress: Progress,
): Promise<void> {
  await until(
    'more than 99 % of the answers came within 0.1 s',
    async () => {
      const share = await sendFast(proxyUrl, prometheus);
      return share > FAST_ENOUGH
        ? { done: true }
        : { notYet: `${(share * 100).toFixed(1)} % came within 0.1 s` };
    },
    { everyMs: 500, onWait: (reason) => progress.waiting(reason) },
  );
}

/**
 * Sends fast requests, many while slow answers still show in the window, else a few. Answers the share of the
 * answers in the window that came within 0.1 s.
 *
 * @throws {Error} when a request failed: nothing may be lost while replicas come and go
 */
async function sendFast(proxyUrl: string, prometheus: PrometheusApi): Promise<number> {
  const share = (await prometheus.value(shareWithin('0.1'))) ?? 0;
  const count = share > FAST_ENOUGH ? 10 : 300;
  const result = await sendTraffic({ url: () => `${proxyUrl}/demo/hello`, count, parallel: 2 });
  if (result.failed > 0)
    throw new Error(`${result.failed} of ${count} requests failed: ${result.failure ?? ''}`);
  return share;
}

async function fastAnswersScaleDown(
  docker: DockerCli,
  proxyUrl: string,
  prometheus: PrometheusApi,
  progress: Progress,
): Promise<void> {
  const before = await wantedReplicas(docker, SERVICE);
  progress.chapter(
    `Fast answers: more than 75 % within 0.025 s fires resptimebelow (${SERVICE} has ${before} replicas)`,
  );
  await until(
    `${SERVICE} scaled down to 2 replicas`,
    async () => {
      await sendFast(proxyUrl, prometheus);
      const replicas = await wantedReplicas(docker, SERVICE);
      if (replicas === 2) return { done: true };
      return {
        notYet: `alert resptimebelow is ${await prometheus.alertState('godemo_main_resptimebelow')}, ${replicas} replicas`,
      };
    },
    { everyMs: 500, onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(
    before === 2 ? `${SERVICE} has 2 replicas already` : `${SERVICE} was scaled from ${before} to 2 replicas`,
  );
}

async function itStaysAtTheMinimum(
  docker: DockerCli,
  proxyUrl: string,
  prometheus: PrometheusApi,
  progress: Progress,
): Promise<void> {
  progress.chapter('The alert goes on firing, but com.df.scaleMin=2 holds');
  const message = await until(
    'the scaler reported that the minimum holds',
    async () => {
      await sendFast(proxyUrl, prometheus);
      const replicas = await wantedReplicas(docker, SERVICE);
      if (replicas < 2) throw new Error(`${SERVICE} has ${replicas} replicas, below its minimum`);
      const held = (await activities(proxyUrl)).find(
        (one) => one.service === SERVICE && one.outcome === 'held',
      );
      return held
        ? { done: held.message }
        : { notYet: `${replicas} replicas; waiting for the next notification` };
    },
    { everyMs: 1_000, onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(message);
}

async function slowAnswersScaleUp(
  docker: DockerCli,
  proxyUrl: string,
  prometheus: PrometheusApi,
  progress: Progress,
): Promise<void> {
  progress.chapter('Slow answers: fewer than 99 % within 0.1 s fires resptimeabove');
  const slow = () => `${proxyUrl}/demo/hello?delay=${150 + Math.floor(Math.random() * 350)}`;
  await until(
    `${SERVICE} scaled up to 3 replicas`,
    async () => {
      // Both alerts can hold at once: enough answers must be slow that fewer than 75 % are fast.
      const fast = (await prometheus.value(shareWithin('0.025'))) ?? 1;
      if (fast > 0.6) {
        const result = await sendTraffic({ url: slow, count: 300, parallel: 60 });
        if (result.failed > 0)
          return { notYet: `${result.failed} of ${result.sent} requests failed: ${result.failure ?? ''}` };
      }
      const replicas = await wantedReplicas(docker, SERVICE);
      if (replicas >= 3) return { done: true };
      const state = await prometheus.alertState('godemo_main_resptimeabove');
      return {
        notYet: `${Math.round(fast * 100)} % of the answers are fast, alert resptimeabove is ${state}`,
      };
    },
    { everyMs: 500, onWait: (reason) => progress.waiting(reason) },
  );
  progress.note(`${SERVICE} was scaled from 2 to 3 replicas`);
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
