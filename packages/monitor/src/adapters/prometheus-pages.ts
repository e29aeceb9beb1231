import type { HttpClient } from '@docker-flow/daemon/http/client';
import { readRuleErrors } from '../core/prometheus/rule-errors.js';
import { readReloadState, type ReloadState } from '../core/prometheus/prometheus-log.js';

interface Page {
  readonly status: number;
  readonly body: string;
}

/** The pages of our own Prometheus. Every answer is `undefined` when the page cannot be reached. */
export interface PrometheusPages {
  isReady(): Promise<boolean>;
  /** POST `/-/reload`: 200, or 500 with the reason, as late as the load ends. */
  reload(): Promise<Page | undefined>;
  /** The metrics about the last reload. */
  reloadState(): Promise<ReloadState | undefined>;
  /** Prometheus's own statement that the last load went well. */
  confirmsReload(): Promise<boolean | undefined>;
  /** Why evaluations of rules fail, by the name of the rule. */
  ruleErrors(): Promise<ReadonlyMap<string, string> | undefined>;
}

/** `url` has no slash at the end. */
export function createPrometheusPages(http: HttpClient, url: string): PrometheusPages {
  async function ask(path: string, { method = 'GET', timeoutMs = 2_000 } = {}): Promise<Page | undefined> {
    try {
      return await http.request({ method, url: `${url}${path}`, timeoutMs, redirects: 'none' });
    } catch {
      return undefined;
    }
  }
  return {
    isReady: async () => (await ask('/-/ready'))?.status === 200,
    reload: () => ask('/-/reload', { method: 'POST', timeoutMs: Infinity }),
    async reloadState() {
      const answer = await ask('/metrics', { timeoutMs: 5_000 });
      return answer?.status === 200 ? readReloadState(answer.body) : undefined;
    },
    async ruleErrors() {
      const answer = await ask('/api/v1/rules?type=alert', { timeoutMs: 5_000 });
      return answer?.status === 200 ? readRuleErrors(answer.body) : undefined;
    },
    async confirmsReload() {
      const answer = await ask('/api/v1/status/runtimeinfo');
      if (answer?.status !== 200) return undefined;
      try {
        return (JSON.parse(answer.body) as { data?: { reloadConfigSuccess?: boolean } }).data
          ?.reloadConfigSuccess;
      } catch {
        return undefined;
      }
    },
  };
}
