import { withoutCredentials } from '@docker-flow/labels';
import type { Settings } from '@docker-flow/proxy-configurator/core/model/settings';
import type { Finding } from './findings/finding.js';
import type { LintedService } from './rules/linted-service.js';
import { routedService } from '../programs/proxy.js';
import { checkRoutesWith } from '../checkers/haproxy.js';
import { labelOfLine } from '../checkers/label-of-line.js';

/** What HAProxy refuses of the services of one cluster (DF211), at the labels that the lines come from. */
export async function findingsOfHaproxy(
  haproxy: string,
  services: readonly LintedService[],
  settings: Settings,
): Promise<readonly Finding[]> {
  const routed = services.flatMap((linted) =>
    linted.routed && linted.isNotified ? [{ linted, service: routedService(linted.routed, settings) }] : [],
  );
  if (routed.length === 0) return [];
  const { refused } = await checkRoutesWith(
    haproxy,
    routed.map(({ service }) => service),
    settings,
  );
  const byName = new Map(routed.map(({ linted, service }) => [service.service.name, linted]));
  return refused.flatMap((one) => {
    const linted = byName.get(one.service);
    if (!linted) return [];
    const { view, stack } = linted;
    const label = labelOfLine(one, view.parameters);
    const about = label === undefined ? 'the service' : view.show(label);
    const finding = view.at(label, {
      code: 'DF211',
      severity: 'error',
      message: `${about} is refused by HAProxy: ${withoutValues(one.reason, label, view)}`,
      expected: 'what HAProxy takes',
    });
    return [{ ...finding, stack: stack.name }];
  });
}

/** HAProxy may repeat what it cannot read; of a secret nothing is repeated. */
function withoutValues(reason: string, label: string | undefined, view: LintedService['view']): string {
  const isShown = label === undefined || view.show(label) !== label;
  return isShown ? withoutCredentials(reason) : reason.replaceAll(/'[^']*'/g, "'…'");
}
