import { LABEL_PREFIX, readCertificateLabels } from '@docker-flow/labels';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';
import type { LintSettings } from './settings.js';

/** What the certificates program would say of a service: labels it cannot read, and names it orders nothing for (DF601). */
export function checkCertificateLabels(view: LabelView, { proxy }: LintSettings): readonly Finding[] {
  const parameters = { ...view.parameters, serviceName: view.fullName };
  const { asks, issues, names, refused } = readCertificateLabels(parameters, {
    ...proxy.labels,
    acmeByDefault: false,
  });
  const unread = issues.map(({ label, problem, expected }) =>
    view.at(label, { code: 'DF101', severity: 'error', message: `${view.show(label)} ${problem}`, expected }),
  );
  if (asks === 'no') return unread;
  const at = view.firstOf(['acmeDomains', 'letsencrypt.host', 'serviceDomain', 'serviceDomain.1', 'acme']);
  const isTold = unread.some(({ label }) => at !== undefined && label === `${LABEL_PREFIX}${at}`);
  const notOrdered = (isTold ? [] : refused).map(({ name, reason }) =>
    view.at(at, {
      code: 'DF601',
      severity: 'error',
      message: `${view.show(at ?? 'acme')}: no certificate is ordered for ${JSON.stringify(name)}, which ${reason}`,
      expected: 'a domain name that an authority knows',
    }),
  );
  if (names.length + refused.length > 0) return [...unread, ...notOrdered];
  return [
    ...unread,
    view.at(view.firstOf(['acme', 'letsencrypt.email']), {
      code: 'DF602',
      severity: 'error',
      message: 'the service asks for a certificate, and there is no name for it',
      expected: 'serviceDomain or acmeDomains',
    }),
  ];
}
