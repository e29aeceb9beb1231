import type { Issue } from '@docker-flow/labels';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { labelIssues, networkIssue, type LabelIssueRules } from '../core/services/label-issues.js';
import { createServiceWarnings, type WarningSource } from '../core/services/service-warnings.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { LabelWatch } from '../ports.js';

export interface LabelWatchDeps {
  readonly rules: LabelIssueRules;
  readonly logger: Logger;
}

/** Says once in the log, and as long as it is so in `status`, what of a service's labels is not in force. */
export function createLabelWatch({ rules, logger }: LabelWatchDeps): LabelWatch {
  const warnings = createServiceWarnings();
  const checked = new WeakSet<object>();
  /** Docker lists only services that have the notify label; those of which events told stay until they are gone. */
  let listedBefore: ReadonlySet<string> = new Set();

  function tell(id: string, source: WarningSource, issues: readonly Issue[]): void {
    for (const issue of warnings.replace(id, source, issues))
      logger.warn('A label is not in force', { ...issue });
  }

  function seen(service: SwarmService): void {
    // What has not changed comes from Docker as the same object.
    if (checked.has(service)) return;
    checked.add(service);
    tell(service.id, 'labels', labelIssues(service, rules));
  }

  return {
    seen,
    listed(services) {
      const ids = new Set(services.map(({ id }) => id));
      for (const service of services) seen(service);
      for (const id of listedBefore) if (!ids.has(id)) warnings.forget(id);
      listedBefore = ids;
    },
    tasksSeen(observation) {
      if (checked.has(observation)) return;
      checked.add(observation);
      const { service, otherNetworks } = observation;
      tell(service.id, 'network', networkIssue(service, otherNetworks));
    },
    gone: (id) => warnings.forget(id),
    list: () => warnings.list(),
  };
}
