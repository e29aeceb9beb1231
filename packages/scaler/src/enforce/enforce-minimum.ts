import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { tellServiceFailure, tellServiceScaling, type Telling } from '../report/report.js';
import { ScaleError, scaleService, type ScaleServiceParts } from '../services/scale-service.js';
import type { ServiceList } from '../services/service-list.js';

/**
 * Every so often raises services that stand below the minimum of their own label, except those without
 * any replicas: somebody has stopped these.
 */
export function createMinimumEnforcer(list: ServiceList, parts: ScaleServiceParts, telling: Telling): Actor {
  const { enforceMinIntervalMs, labelNames } = parts.config;

  async function raiseAll(): Promise<void> {
    await list.refresh();
    const asker = { who: `minimum enforced every ${enforceMinIntervalMs / 1_000} s`, door: 'api' } as const;
    for (const { name, replicas, min } of list.views()) {
      const isBelow = replicas.wanted > 0 && replicas.wanted < min.value;
      if (!isBelow || min.from !== `label ${labelNames.min}`) continue;
      const ask = { kind: 'target', count: min.value } as const;
      try {
        const result = await scaleService({ service: name, ask, dryRun: false, groupKey: undefined }, parts);
        if (result.decision.kind === 'scale') {
          tellServiceScaling({ service: name, ask, asker, outcome: 'raised' }, result, telling);
        }
      } catch (error) {
        if (!(error instanceof ScaleError)) throw error;
        tellServiceFailure({ service: name, ask, asker }, error.message, telling);
      }
    }
  }

  return {
    name: 'minimum',
    async run(signal) {
      const isStopped = () => signal.aborted;
      for (;;) {
        await sleep(enforceMinIntervalMs, signal);
        if (isStopped()) return;
        await raiseAll().catch((error: unknown) => {
          telling.logger.warn('Minimums could not be enforced', { reason: messageOf(error) });
        });
      }
    },
  };
}
