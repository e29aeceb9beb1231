/** The few questions we ask Prometheus, through whatever address leads to it. */
export interface PrometheusApi {
  /** The single number an instant query answers; `undefined` when it answers nothing. */
  value(query: string): Promise<number | undefined>;
  /** State of the alert with this name: `inactive` when Prometheus does not report it. */
  alertState(name: string): Promise<'inactive' | 'pending' | 'firing'>;
  /**
   * When the alert became active, as milliseconds since 1970.
   *
   * @throws {Error} when Prometheus does not report it
   */
  activeSince(name: string): Promise<number>;
  /** Names of all alerting rules that Prometheus runs. */
  alertRules(): Promise<readonly string[]>;
  /** Number of targets of a job that are up. */
  targetsUp(job: string): Promise<number>;
}

interface ActiveAlert {
  readonly state: 'pending' | 'firing';
  readonly activeAt: string;
  readonly labels: { readonly alertname: string };
}

interface Answer<T> {
  readonly data: T;
}

/** `base` ends before `/api/v1`. */
export function createPrometheusApi(base: string): PrometheusApi {
  async function ask<T>(path: string): Promise<T> {
    const answer = await fetch(`${base}/api/v1/${path}`, { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`Prometheus at ${base} answers ${answer.status}`);
    return ((await answer.json()) as Answer<T>).data;
  }
  async function value(query: string): Promise<number | undefined> {
    const { result } = await ask<{ result: { value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(query)}`,
    );
    return result[0] === undefined ? undefined : Number(result[0].value[1]);
  }
  async function activeAlert(name: string): Promise<ActiveAlert | undefined> {
    const { alerts } = await ask<{ alerts: ActiveAlert[] }>('alerts');
    return alerts.find((alert) => alert.labels.alertname === name);
  }
  return {
    value,
    alertState: async (name) => (await activeAlert(name))?.state ?? 'inactive',
    async activeSince(name) {
      const alert = await activeAlert(name);
      if (!alert) throw new Error(`alert ${name} is not active`);
      return Date.parse(alert.activeAt);
    },
    async alertRules() {
      const { groups } = await ask<{ groups: { rules: { name: string }[] }[] }>('rules?type=alert');
      return groups.flatMap((group) => group.rules.map((rule) => rule.name));
    },
    targetsUp: async (job) => (await value(`sum(up{job="${job}"})`)) ?? 0,
  };
}
