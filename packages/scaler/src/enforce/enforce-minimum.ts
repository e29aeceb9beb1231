import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { reportServiceFailure, reportServiceScaling } from '../report/report-service.js';
import type { Reporters, Requester } from '../report/reporters.js';
import { scaleService, type ScaleServiceDeps } from '../services/scale-service.js';
import type { ServiceList } from '../services/service-list.js';
import { ScaleError } from '../services/write-replicas.js';

export interface EnforceMinimumDeps {
  readonly list: ServiceList;
  readonly scaling: ScaleServiceDeps;
  readonly reporters: Reporters;
}

/**
 * Every so often raises services that stand below the minimum of their own label, except those without
 * any replicas: somebody has stopped these.
 */
export function createMinimumEnforcer({ list, scaling, reporters }: EnforceMinimumDeps): Actor {
  const { enforceMinIntervalMs, labelNames } = scaling.config;

  async function raiseAll(): Promise<void> {
    await list.refresh();
    const name = `minimum enforced every ${enforceMinIntervalMs / 1_000} s`;
    const requester: Requester = { name, channel: 'api' };
    for (const { name: service, replicas, min } of list.views()) {
      const isBelow = replicas.wanted > 0 && replicas.wanted < min.value;
      if (!isBelow || min.from !== `label ${labelNames.min}`) continue;
      const request = { kind: 'target', count: min.value } as const;
      try {
        const result = await scaleService({ service, request, dryRun: false, group: undefined }, scaling);
        if (result.decision.kind === 'scale') {
          reportServiceScaling({ service, request, requester, outcome: 'raised' }, result, reporters);
        }
      } catch (error) {
        if (!(error instanceof ScaleError)) throw error;
        reportServiceFailure({ service, request, requester }, error, reporters);
      }
    }
  }

  return {
    name: 'minimum',
    async run(signal) {
      for (;;) {
        await sleep(enforceMinIntervalMs, signal);
        if (isAborted(signal)) return;
        await raiseAll().catch((error: unknown) => {
          reporters.logger.warn('Minimums could not be enforced', { reason: messageOf(error) });
        });
      }
    },
  };
}
