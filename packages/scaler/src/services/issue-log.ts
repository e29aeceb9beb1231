import { formatIssue, type Issue } from '@docker-flow/labels';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { ScalerMetrics } from '../metrics.js';

/** Says what is wrong with the labels of services: each thing once in the log, and their number as a metric. */
export interface IssueLog {
  /** All that is wrong with a service now. */
  told(service: string, issues: readonly Issue[]): void;
  forget(service: string): void;
}

export function createIssueLog({
  logger,
  metrics,
}: {
  readonly logger: Logger;
  readonly metrics: Pick<ScalerMetrics, 'labelIssues'>;
}): IssueLog {
  const known = new Map<string, ReadonlySet<string>>();
  return {
    told(service, issues) {
      const before = known.get(service);
      if (issues.length === 0 && before === undefined) return;
      const texts = new Set(issues.map(formatIssue));
      for (const issue of texts)
        if (before?.has(issue) !== true)
          logger.warn('A label does not say what the scaler can do', { service, issue });
      known.set(service, texts);
      metrics.labelIssues(service, texts.size);
    },
    forget(service) {
      if (known.delete(service)) metrics.labelIssues(service, undefined);
    },
  };
}
