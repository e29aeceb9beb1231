import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { MonitorMetrics } from '../metrics.js';

/** What Prometheus itself says of its rules: some expressions only fail when they are evaluated. */
export interface RuleHealth {
  /** By the name of the rule: why its last evaluation has failed. */
  lastErrors(): ReadonlyMap<string, string>;
  readonly actor: Actor;
}

export interface RuleHealthDeps {
  /** The rules whose last evaluation has failed; `undefined` when Prometheus does not tell. */
  readonly ask: () => Promise<ReadonlyMap<string, string> | undefined>;
  readonly metrics: Pick<MonitorMetrics, 'failingRules'>;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 15_000;

export function createRuleHealth({
  ask,
  metrics,
  logger,
  intervalMs = INTERVAL_MS,
}: RuleHealthDeps): RuleHealth {
  let errors: ReadonlyMap<string, string> = new Map();

  async function look(): Promise<void> {
    const found = await ask();
    if (!found) return;
    for (const [rule, reason] of found)
      if (errors.get(rule) !== reason) logger.warn('Alert cannot be evaluated', { rule, reason });
    errors = found;
    metrics.failingRules([...found.keys()]);
  }

  return {
    lastErrors: () => errors,
    actor: {
      name: 'rule-health',
      async run(signal) {
        while (!signal.aborted) {
          await sleep(intervalMs, signal);
          if (!isAborted(signal)) await look();
        }
      },
    },
  };
}
