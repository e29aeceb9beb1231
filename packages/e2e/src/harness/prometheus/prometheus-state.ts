import { load } from 'js-yaml';

/** What Prometheus itself says it runs, in a form that can be compared. */
export interface PrometheusState {
  /** Names of all scrape jobs, those without targets, too. */
  readonly jobs: readonly string[];
  /** Labels of each target with its health, by `job instance`. */
  readonly targets: Readonly<Record<string, Labels>>;
  readonly rules: Readonly<Record<string, Rule>>;
  /** Labels and annotations of the alerts that fire, by name. */
  readonly firing: Readonly<Record<string, Pick<Rule, 'labels' | 'annotations'>>>;
}

export type Labels = Readonly<Record<string, string>>;

/** An alerting rule as Prometheus prints it. */
export interface Rule {
  readonly query: string;
  readonly forSeconds: number;
  readonly labels: Labels;
  readonly annotations: Labels;
}

interface Configuration {
  readonly scrape_configs?: readonly { readonly job_name: string }[];
}

interface Answers {
  readonly 'status/config': { readonly yaml: string };
  readonly 'targets?state=active': {
    readonly activeTargets: readonly { readonly labels: Labels; readonly health: string }[];
  };
  readonly 'rules?type=alert': {
    readonly groups: readonly {
      readonly rules: readonly (Omit<Rule, 'forSeconds'> & {
        readonly name: string;
        readonly duration: number;
      })[];
    }[];
  };
  readonly alerts: {
    readonly alerts: readonly {
      readonly state: string;
      readonly labels: Labels;
      readonly annotations: Labels;
    }[];
  };
}

/**
 * Asks Prometheus's own API; `base` ends before `/api/v1`.
 *
 * @throws {Error} when Prometheus does not answer
 */
export async function readPrometheusState(base: string): Promise<PrometheusState> {
  async function ask<P extends keyof Answers>(path: P): Promise<Answers[P]> {
    const answer = await fetch(`${base}/api/v1/${path}`, { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`Prometheus at ${base} answers ${answer.status}`);
    return ((await answer.json()) as { data: Answers[P] }).data;
  }
  const { groups } = await ask('rules?type=alert');
  const { yaml } = await ask('status/config');
  const { activeTargets } = await ask('targets?state=active');
  const { alerts } = await ask('alerts');
  const rules = groups.flatMap((group) => group.rules);
  return {
    jobs: ((load(yaml) as Configuration).scrape_configs ?? []).map(({ job_name: name }) => name).sort(),
    targets: Object.fromEntries(
      activeTargets.map(({ labels, health }) => [
        `${labels['job'] ?? ''} ${labels['instance'] ?? ''}`,
        { ...labels, health },
      ]),
    ),
    rules: Object.fromEntries(
      rules.map(({ name, query, duration, labels, annotations }) => [
        name,
        { query, forSeconds: duration, labels, annotations },
      ]),
    ),
    firing: Object.fromEntries(
      alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels: { alertname = '', ...labels }, annotations }) => [
          alertname,
          { labels, annotations },
        ]),
    ),
  };
}
