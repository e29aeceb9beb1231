import {
  readServiceRequest,
  type ServiceRequest,
} from '@docker-flow/certificates/core/wishes/service-request';
import {
  CERTIFICATE_LABELS,
  parseLabelKey,
  readCertificateLabels,
  type ProxyService,
} from '@docker-flow/labels';
import { UNKNOWN_CERTIFICATES } from '../../programs/certificates.js';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';
import type { LintSettings } from './settings.js';

/** An authority puts no more into one certificate. */
const MOST_NAMES = 100;

export interface CertificateFindings {
  readonly findings: readonly Finding[];
  /** What the service asks for; absent when it asks for nothing. */
  readonly request?: ServiceRequest;
}

/** What the certificates program would say of one service. `routed` is how the proxy reads it. */
export function checkCertificateLabels(
  view: LabelView,
  { proxy, certificates = UNKNOWN_CERTIFICATES }: LintSettings,
  routed: ProxyService | undefined,
): CertificateFindings {
  const parameters = { ...view.parameters, serviceName: view.fullName };
  const { issues } = readCertificateLabels(parameters, { ...proxy.labels, acmeByDefault: false });
  const unread = issues.map(({ label, problem, expected }) =>
    view.at(label, { code: 'DF101', severity: 'error', message: `${view.show(label)} ${problem}`, expected }),
  );
  const request = readServiceRequest(parameters, certificates);
  if (!request) return { findings: unread };
  const { names, refused } = request;
  return {
    request,
    findings: [
      ...unread,
      ...refused.map(({ name, reason }) => notOrdered(view, name, reason)),
      ...(names.length + refused.length > 0 || isWithoutHttp(routed) ? [] : [withoutName(view)]),
      ...(names.length > MOST_NAMES ? [tooManyNames(view, names.length)] : []),
      ...(isWithoutHttp(routed) && (names.length > 0 || refused.length === 0) ? [withoutHttp(view)] : []),
      ...besideCompanion(view),
    ],
  };
}

/** The labels that names come from, those first that win. */
const NAMES = ['acmeDomains', 'letsencrypt.host', 'serviceDomain', 'redirectFromDomain'] as const;

/** The label that a name stands in. */
function labelOfName(view: LabelView, name: string): string | undefined {
  const parameters = Object.entries(view.parameters);
  const holding = (source: string) =>
    parameters.find(
      ([parameter, value]) =>
        (parameter === source || parseLabelKey(parameter).name === source) &&
        value.toLowerCase().includes(name.toLowerCase()),
    );
  return NAMES.map(holding).find((one) => one !== undefined)?.[0];
}

function notOrdered(view: LabelView, name: string, reason: string): Finding {
  const label = labelOfName(view, name) ?? view.firstOf([...NAMES, 'acme']);
  return view.at(label, {
    code: 'DF601',
    severity: 'error',
    message: `${view.show(label ?? 'acme')}: no certificate is ordered for ${JSON.stringify(name)}: ${reason}`,
    expected: reason.includes('ACME_ALLOW')
      ? 'a name that ACME_ALLOW lets through'
      : reason.includes('DNS')
        ? 'DNS_PROVIDER at the certificates program'
        : 'a domain name that an authority knows',
  });
}

function withoutName(view: LabelView): Finding {
  return view.at(view.firstOf(['acme', 'letsencrypt.email']), {
    code: 'DF602',
    severity: 'error',
    message: 'the service asks for a certificate, and no http destination has a domain for it',
    expected: 'serviceDomain or acmeDomains',
  });
}

function tooManyNames(view: LabelView, count: number): Finding {
  return view.at(view.firstOf([...NAMES, 'acme']), {
    code: 'DF607',
    severity: 'warning',
    message: `the service asks for one certificate with ${count} names, and authorities take at most ${MOST_NAMES}`,
    expected: 'several services, or a wildcard',
  });
}

/** TLS of tcp and sni destinations ends elsewhere. */
function isWithoutHttp(routed: ProxyService | undefined): boolean {
  const destinations = routed?.destinations ?? [];
  return destinations.length > 0 && destinations.every(({ mode }) => mode !== 'http');
}

function withoutHttp(view: LabelView): Finding {
  return view.at(view.firstOf(['acme', ...NAMES]), {
    code: 'DF604',
    severity: 'warning',
    message:
      'a certificate is asked for, and the service has tcp and sni destinations only, which do not use it',
    expected: 'an http destination',
  });
}

/** Labels of the companion count for less where ours are there, too. */
function besideCompanion(view: LabelView): readonly Finding[] {
  const companion = Object.keys(CERTIFICATE_LABELS).filter((name) => name.startsWith('letsencrypt.'));
  const first = view.firstOf(companion);
  if (first === undefined || view.firstOf(['acme', 'acmeDomains']) === undefined) return [];
  return [
    view.at(first, {
      code: 'DF606',
      severity: 'warning',
      message: `${view.show(first)} stands beside acme, which says the same`,
      expected: 'the labels that begin with acme alone',
    }),
  ];
}
