import { parseLabelKey } from '@docker-flow/labels';
import { programOf } from '../../programs/program-images.js';
import type { Stack, StackService } from '../../stack/stack.js';
import type { Finding } from '../findings/finding.js';
import type { LintedService } from './linted-service.js';
import { asksForRoute } from './proxy-rules.js';
import type { LintSettings } from './settings.js';

export interface ClusterOptions {
  /** Real names of networks where the proxy or the monitor are, as the command line says. */
  readonly proxyNetworks: readonly string[];
  readonly monitorNetworks: readonly string[];
  readonly isTogether: boolean;
}

/** Rules about what surrounds a service: networks, secrets, published ports, receivers. */
export function checkCluster(
  services: readonly LintedService[],
  settings: Pick<LintSettings, 'proxy'>,
  options: ClusterOptions,
): readonly Finding[] {
  const proxies = services.filter(({ service }) => programOf(service) === 'proxy');
  const monitors = services.filter(({ service }) => programOf(service) === 'monitor');
  const listeners = services.filter(({ service }) => programOf(service) === 'swarm-listener');
  const proxyNetworks = [...options.proxyNetworks, ...proxies.flatMap(realNetworks)];
  const monitorNetworks = [...options.monitorNetworks, ...monitors.flatMap(realNetworks)];
  return services.flatMap((linted) => [
    ...networkFindings(linted, proxyNetworks, monitorNetworks),
    ...scrapeNetwork(linted),
    ...secrets(linted, proxies),
    ...unknownUsers(linted, proxies, settings.proxy.users),
    ...unpublished(linted, proxies),
    ...(options.isTogether ? unknownReceivers(linted, listeners) : []),
  ]);
}

function realNetworks({ stack, service }: { readonly stack: Stack; readonly service: StackService }) {
  return service.networks.map((key) => stack.networks.get(key)?.realName ?? `${stack.name}_${key}`);
}

function networkFindings(
  linted: LintedService,
  proxyNetworks: readonly string[],
  monitorNetworks: readonly string[],
): readonly Finding[] {
  const { view, service, stack, isNotified } = linted;
  const parameters = Object.keys(view.parameters).map((key) => parseLabelKey(key).name);
  const isForOthers = ['proxyInstanceName', 'notifyService', 'outboundHostname'].some((name) =>
    parameters.includes(name),
  );
  if (!isNotified || isForOthers) return [];
  const wanted = [
    ...(asksForRoute(view) ? [{ program: 'proxy', networks: proxyNetworks }] : []),
    ...(view.has('scrapePort') ? [{ program: 'monitor', networks: monitorNetworks }] : []),
  ];
  const mine = realNetworks(linted);
  const place = service.networksPlace ?? service.place;
  for (const { program, networks } of wanted) {
    if (networks.length > 0 && !networks.some((name) => mine.includes(name)))
      return [
        view.at(undefined, {
          code: 'DF503',
          severity: 'error',
          message: `the service shares no network with the ${program}, which is on ${[...new Set(networks)].join(', ')}`,
          expected: `the network ${networks[0] ?? ''}`,
          place,
        }),
      ];
  }
  const isUnknown = wanted.length > 0 && proxyNetworks.length + monitorNetworks.length === 0;
  const isAlone = service.networks.every((key) => key !== '' && (stack.networks.get(key)?.isOwn ?? true));
  if (!isUnknown || !isAlone) return [];
  const undeclared = service.networks.find((key) => !stack.networks.has(key));
  return [
    view.at(undefined, {
      code: 'DF503',
      severity: 'warning',
      message:
        undeclared !== undefined
          ? `the network ${undeclared} stands nowhere under networks of the file, and Docker refuses that`
          : 'the service is only on networks of its own stack, where no proxy or monitor of another stack reaches it',
      expected: 'the network of the proxy or monitor, with external: true',
      place,
    }),
  ];
}

function scrapeNetwork({ view, service, stack }: LintedService): readonly Finding[] {
  const wanted = view.parameters['scrapeNetwork'];
  if (wanted === undefined || wanted === '') return [];
  const names = service.networks.flatMap((key) => [key, stack.networks.get(key)?.realName ?? key]);
  if (names.includes(wanted)) return [];
  return [
    view.at('scrapeNetwork', {
      code: 'DF504',
      severity: 'error',
      message: `${view.show('scrapeNetwork')} names a network that the service is not on`,
      expected: service.networks.join(' or '),
    }),
  ];
}

function secrets({ view, isNotified }: LintedService, proxies: readonly LintedService[]): readonly Finding[] {
  const name = view.parameters['usersSecret'];
  if (name === undefined || name === '' || proxies.length === 0 || !isNotified) return [];
  const wanted = `dfp_users_${name}`;
  if (proxies.some(({ service }) => service.secrets.includes(wanted))) return [];
  return [
    view.at('usersSecret', {
      code: 'DF209',
      severity: 'error',
      message: `usersSecret: the proxy in the files has no secret ${wanted}`,
      expected: `the secret ${wanted} at the proxy`,
    }),
  ];
}

const GLOBAL_USERS = 'dfp_users';

/** Users who have no password, and take none from a secret or from the users of the proxy. */
function unknownUsers(
  { view, routed, isNotified }: LintedService,
  proxies: readonly LintedService[],
  known: readonly { readonly name: string }[],
): readonly Finding[] {
  if (!routed || !isNotified || routed.usersSecret !== undefined) return [];
  if (routed.destinations.every(({ mode }) => mode !== 'http')) return [];
  if (proxies.some(({ service }) => service.secrets.includes(GLOBAL_USERS))) return [];
  const names = new Set(known.map(({ name }) => name.toLowerCase()));
  const isUnknown = routed.users.some(
    ({ name, password }) => password === undefined && !names.has(name.toLowerCase()),
  );
  if (!isUnknown) return [];
  const isSure = proxies.length > 0;
  return [
    view.at('users', {
      code: isSure ? 'DF101' : 'DF104',
      severity: isSure ? 'error' : 'warning',
      message: isSure
        ? 'users has a user without a password, whom the proxy in the files does not know'
        : 'users has a user without a password, who cannot log in unless USERS of the proxy knows them',
      expected: 'name:password, without a comma in the password, or a usersSecret',
    }),
  ];
}

function unpublished(
  { view, routed, isNotified }: LintedService,
  proxies: readonly LintedService[],
): readonly Finding[] {
  const published = proxies.flatMap(({ service }) => service.ports.map(({ target }) => target));
  if (!routed || !isNotified || published.length === 0) return [];
  return routed.destinations.flatMap(({ mode, srcPort, index }) => {
    if (mode === 'http' || srcPort === undefined || published.includes(srcPort)) return [];
    const label = view.firstOf([index === 0 ? 'srcPort' : `srcPort.${index}`, 'srcPort']);
    return [
      view.at(label, {
        code: 'DF210',
        severity: 'warning',
        message: `${view.show(label ?? 'srcPort')}: the proxy in the files does not publish this port`,
        expected: `the port ${srcPort} under ports of the proxy`,
      }),
    ];
  });
}

function unknownReceivers({ view }: LintedService, listeners: readonly LintedService[]): readonly Finding[] {
  const named = view.parameters['notifyService'];
  if (named === undefined || listeners.length === 0) return [];
  const addresses = listeners.flatMap(({ service }) =>
    [...service.environment]
      .filter(([name]) => /^DF_NOTIFY_(?:CREATE|REMOVE)_SERVICE_URL/.test(name))
      .flatMap(([, value]) =>
        value
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean),
      ),
  );
  const hosts = addresses.flatMap((address) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    return url ? [url.hostname, url.host, address].map((text) => text.toLowerCase()) : [];
  });
  const unknown = named
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !hosts.includes(one.toLowerCase()));
  const [first] = unknown;
  if (first === undefined) return [];
  const receivers = [
    ...new Set(addresses.flatMap((address) => (URL.canParse(address) ? new URL(address).hostname : []))),
  ];
  return [
    view.at('notifyService', {
      code: 'DF510',
      severity: 'error',
      message: `${view.show('notifyService')}: no listener in the files notifies ${JSON.stringify(first)}`,
      expected: receivers.join(', '),
    }),
  ];
}
