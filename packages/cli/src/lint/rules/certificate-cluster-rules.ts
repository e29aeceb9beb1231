import { programOf } from '../../programs/program-images.js';
import type { Finding } from '../findings/finding.js';
import type { LintedService } from './linted-service.js';
import type { LintSettings } from './settings.js';

/** Labels at which something about a certificate is told. */
const ASKING = ['acme', 'acmeDomains', 'letsencrypt.host', 'letsencrypt.email'];
const COMPANION = /(?:^|\/)docker-flow(?:-proxy)?-letsencrypt(?:[:@]|$)/;

/** Rules about certificates for which proxy, certificates program and other services count. */
export function checkCertificates(
  services: readonly LintedService[],
  settings: LintSettings,
  { isTogether }: { readonly isTogether: boolean },
): readonly Finding[] {
  const of = (program: ReturnType<typeof programOf>) =>
    services.filter(({ service }) => programOf(service) === program);
  const proxies = of('proxy');
  const programs = of('certificates');
  return [
    ...(isTogether ? unroutedNames(services) : []),
    ...sharedNames(services),
    ...(proxies.length > 0 ? withoutTls(services, settings) : []),
    ...(proxies.length > 0 && programs.length === 0 ? withoutCertificate(services, proxies, settings) : []),
    ...(programs.length > 0 ? companions(services) : []),
    ...programs.flatMap(programItself),
  ];
}

/** Names of `acmeDomains` that no destination of any service is reached by. */
function unroutedNames(services: readonly LintedService[]): readonly Finding[] {
  const destinations = services.flatMap(({ routed, isNotified }) =>
    isNotified ? (routed?.destinations.filter(({ mode }) => mode === 'http') ?? []) : [],
  );
  if (services.some(({ isCertain }) => !isCertain)) return [];
  if (destinations.some(({ domains }) => domains.length === 0)) return [];
  const routed = destinations.flatMap(({ domains, redirectFromDomains }) => [
    ...domains,
    ...redirectFromDomains,
  ]);
  const isRouted = (name: string) =>
    routed.some(
      (domain) =>
        domain === name ||
        (domain.startsWith('*.') && name.endsWith(domain.slice(1))) ||
        (name.startsWith('*.') && domain.endsWith(name.slice(1))),
    );
  return services.flatMap(({ certificate, view }) => {
    const name = certificate?.names.find((one) => !isRouted(one));
    if (name === undefined || !view.has('acmeDomains')) return [];
    return [
      view.at('acmeDomains', {
        code: 'DF603',
        severity: 'warning',
        message: `${view.show('acmeDomains')}: no service in the files is reached by ${name}`,
        expected: 'a name that a serviceDomain has',
      }),
    ];
  });
}

/** Certificates that share only a part of their names are ordered twice, and count twice for the authority. */
function sharedNames(services: readonly LintedService[]): readonly Finding[] {
  const asking = services.filter(({ certificate, isNotified }) => certificate && isNotified);
  return asking.flatMap(({ certificate, view }, i) => {
    const own = certificate?.names ?? [];
    const other = asking.slice(0, i).find(({ certificate: earlier }) => {
      const names = earlier?.names ?? [];
      return names.some((name) => own.includes(name)) && names.join() !== own.join();
    });
    const shared = other?.certificate?.names.find((name) => own.includes(name));
    if (!other || shared === undefined) return [];
    const label = view.firstOf(ASKING);
    return [
      view.at(label, {
        code: 'DF608',
        severity: 'warning',
        message: `${shared} is in a certificate of the service ${other.service.name}, too, with other names beside it`,
        expected: 'the same names at both, or each name once',
        related: [other.view.related(other.view.firstOf(ASKING), other.service.name)],
      }),
    ];
  });
}

/** Whether the proxy listens for TLS anywhere. */
function speaksTls({ proxy: { defaultPorts, bindPorts } }: LintSettings): boolean {
  return [...defaultPorts, ...bindPorts].some(({ text }) => /\bssl\b/.test(text));
}

function withoutTls(services: readonly LintedService[], settings: LintSettings): readonly Finding[] {
  if (speaksTls(settings)) return [];
  return services.flatMap(({ certificate, view, isNotified }) =>
    certificate && isNotified
      ? [
          view.at(view.firstOf(ASKING), {
            code: 'DF605',
            severity: 'warning',
            message: 'a certificate is asked for, and the proxy in the files listens for TLS nowhere',
            expected: '443:ssl in DEFAULT_PORTS of the proxy',
          }),
        ]
      : [],
  );
}

/** Redirects to https, where the proxy in the files has no certificate and nobody orders one. */
function withoutCertificate(
  services: readonly LintedService[],
  proxies: readonly LintedService[],
  settings: LintSettings,
): readonly Finding[] {
  const hasOwn = proxies.some(
    ({ service: { secrets, mounts } }) =>
      secrets.some((name) => name.startsWith('cert')) ||
      mounts.some((mount) => /^\/certs(?:\/|$)/.test(mount)),
  );
  if (hasOwn || !speaksTls(settings) || services.some(({ view }) => view.has('serviceCert'))) return [];
  return services.flatMap(({ view, routed, certificate, isNotified }) => {
    const label = Object.keys(view.parameters).find((name) => /^httpsOnly(?:\.\d+)?$/.test(name));
    if (
      label === undefined ||
      certificate ||
      !isNotified ||
      routed?.destinations.every(({ httpsOnly }) => !httpsOnly) !== false
    )
      return [];
    return [
      view.at(label, {
        code: 'DF611',
        severity: 'warning',
        message: `${view.show(label)}: the proxy in the files has no certificate, and none is ordered`,
        expected: 'acme, serviceCert, a secret cert-NAME at the proxy, or a volume at /certs',
      }),
    ];
  });
}

/** The companion and our program would both order, and both write certificates. */
function companions(services: readonly LintedService[]): readonly Finding[] {
  return services.flatMap(({ service, view }) =>
    COMPANION.test(service.image)
      ? [
          view.at(undefined, {
            code: 'DF609',
            severity: 'warning',
            message: 'the old companion runs beside the certificates program, and both order certificates',
            expected: 'one of them',
          }),
        ]
      : [],
  );
}

/** A second program stands by only where the store is shared; without a store every start is a new account. */
function programItself({ service, view }: LintedService): readonly Finding[] {
  const { replicas, mounts, secrets, environment } = service;
  const tell = (message: string, expected: string) =>
    view.at(undefined, { code: 'DF610', severity: 'warning', message, expected });
  const isKept =
    mounts.length > 0 ||
    secrets.some((name) => /account_key/i.test(name)) ||
    [...environment.keys()].some((name) => name.startsWith('ACCOUNT_KEY'));
  return [
    ...(Number(replicas?.value ?? 1) > 1 || service.mode === 'global'
      ? [
          tell(
            'the certificates program has more than one replica, and only one of them works',
            'replicas: 1',
          ),
        ]
      : []),
    ...(isKept
      ? []
      : [
          tell(
            'the certificates program keeps neither its volume nor its account: each start is a new one',
            'a volume, or the secret account_key',
          ),
        ]),
  ];
}
