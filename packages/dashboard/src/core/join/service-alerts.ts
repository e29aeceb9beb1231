import type { Pieces } from '../readings/readings.js';
import type { Rule } from '../readings/prometheus.js';

/** An alert of a service: as it is installed, and as Prometheus evaluates it. */
export interface ServiceAlert {
  readonly name: string;
  /** Of the rule in Prometheus. */
  readonly rule: string;
  readonly expression: string;
  readonly state: string;
  readonly forSeconds: number;
  readonly error: string;
  readonly value?: string;
  readonly activeAt?: string;
}

/** Names of the rules of a service. */
export function ruleNames({ monitor }: Pieces): readonly string[] {
  return (monitor?.alerts ?? []).map(({ alertNameFormatted }) => alertNameFormatted);
}

export function serviceAlerts(pieces: Pieces, rules: ReadonlyMap<string, Rule>): readonly ServiceAlert[] {
  return (pieces.monitor?.alerts ?? []).map((alert) => {
    const rule = rules.get(alert.alertNameFormatted);
    return {
      name: alert.alertName,
      rule: alert.alertNameFormatted,
      expression: alert.expression,
      state: rule?.state ?? 'unknown',
      forSeconds: rule?.forSeconds ?? 0,
      error: rule?.error ?? '',
      ...(rule?.value === undefined ? {} : { value: rule.value }),
      ...(rule?.activeAt === undefined ? {} : { activeAt: rule.activeAt }),
    };
  });
}
