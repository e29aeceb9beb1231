import { formatIssue } from '@docker-flow/labels';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Verdicts } from '../core/model/service-version.js';
import type { ServiceEntry } from './service-store.js';
import { relationsOf, warningsOf, type RelationSettings } from './service-warnings.js';

/** Tells the log what is wrong with services: each thing once, and again only after it was right. */
export interface Told {
  /** A request cannot be served. */
  rejected(service: string, reason: string): void;
  /** What is known now of all services: what is new is told, what is mended or gone forgotten. */
  settle(entries: readonly ServiceEntry[], verdicts: Verdicts): void;
}

export function createTold(logger: Logger, settings: RelationSettings): Told {
  const reasons = new Map<string, string>();
  const warnings = new Map<string, ReadonlySet<string>>();

  function rejected(service: string, reason: string): void {
    if (reasons.get(service) === reason) return;
    reasons.set(service, reason);
    logger.warn('Service is rejected', { service, reason });
  }

  return {
    rejected,
    settle(entries, verdicts) {
      const wrong = new Map(
        entries.flatMap(({ name, rejection }) => (rejection ? [[name, rejection.message] as const] : [])),
      );
      for (const name of reasons.keys()) if (!wrong.has(name)) reasons.delete(name);
      for (const [name, message] of wrong) rejected(name, message);
      const now = warningsOf(entries, settings, relationsOf(verdicts, settings));
      for (const name of warnings.keys()) if (!now.has(name)) warnings.delete(name);
      for (const [name, issues] of now) {
        const texts = new Set(issues.map(formatIssue));
        for (const warning of texts)
          if (!warnings.get(name)?.has(warning))
            logger.warn('A label is not in force as it is written', { service: name, warning });
        warnings.set(name, texts);
      }
    },
  };
}
