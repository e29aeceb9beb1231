import type { Chooser, ProxyDestination } from '@docker-flow/labels';
import { asksAuthServer, authServerOf } from '../backends/auth-servers.js';
import { canariesByStable, type CanaryService } from '../canary/canaries.js';
import { versionCookie } from '../canary/versions.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';
import { pathPatterns } from '../paths/decision-path.js';
import { wakingOf } from '../waking/sleepers.js';

/** What happens to a request of a route before its service gets it. Nobody is asked. */
export interface NextStep {
  readonly step: 'version' | 'sign-on' | 'waking';
  readonly says: string;
}

interface Taken {
  readonly routed: RoutedService;
  readonly destination: ProxyDestination;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** In the order in which HAProxy takes them. */
export function stepsAfter(
  taken: Taken,
  services: readonly RoutedService[],
  settings: Settings,
): readonly NextStep[] {
  const canary = canariesByStable(services).get(taken.routed.service.name);
  const version = canary && versionOf(taken, canary);
  const signOn = signOnOf(taken, settings);
  const waking = wakingStep(taken.routed, settings);
  return [
    ...(version === undefined ? [] : [{ step: 'version' as const, says: version }]),
    ...(signOn === undefined ? [] : [{ step: 'sign-on' as const, says: signOn }]),
    ...(waking === undefined ? [] : [{ step: 'waking' as const, says: waking }]),
  ];
}

function versionOf({ routed, destination, headers }: Taken, canary: CanaryService): string | undefined {
  const { service } = canary;
  const { header, cookie, sticky, weight } = service.canary;
  if (!service.destinations.some(({ index }) => index === destination.index)) return undefined;
  const canaryGets = `the canary ${service.name}, if one of its servers is up`;
  const stableGets = `the stable service ${routed.service.name}`;
  const cookies = readCookies(headers['cookie'] ?? '');
  const forced =
    chosenBy('header', header, header && headers[header.name.toLowerCase()]) ??
    chosenBy('cookie', cookie, cookie && cookies.get(cookie.name));
  if (forced) return `${forced.isCanary ? canaryGets : stableGets}: ${forced.because}`;
  if (weight === 0) return `${stableGets}: canaryWeight is 0`;
  if (weight === 100) return `${canaryGets}: canaryWeight is 100`;
  const name = versionCookie({ stable: routed });
  const kept = sticky ? cookies.get(name) : undefined;
  if (kept === 'canary') return `${canaryGets}: cookie ${name}`;
  if (kept === 'stable') return `${stableGets}: cookie ${name}`;
  return `by chance, ${weight} of 100 ${sticky ? 'clients' : 'requests'} ${canaryGets}; the others ${stableGets}`;
}

function chosenBy(
  what: string,
  chooser: Chooser | undefined,
  sent: string | undefined,
): { readonly isCanary: boolean; readonly because: string } | undefined {
  if (!chooser || sent === undefined) return undefined;
  const because = `${what} ${chooser.name} is ${JSON.stringify(sent)}`;
  if (chooser.value !== undefined) return sent === chooser.value ? { isCanary: true, because } : undefined;
  const word = sent.toLowerCase();
  return word === 'always' || word === 'never' ? { isCanary: word === 'always', because } : undefined;
}

function readCookies(header: string): ReadonlyMap<string, string> {
  return new Map(
    header.split(';').flatMap((one) => {
      const at = one.indexOf('=');
      return at < 0 ? [] : [[one.slice(0, at).trim(), one.slice(at + 1).trim()] as const];
    }),
  );
}

function signOnOf({ routed, destination, path }: Taken, settings: Settings): string | undefined {
  const { auth } = destination;
  if (auth && asksAuthServer(destination)) {
    const patterns = pathPatterns(auth.except, 'path', { normalize: settings.normalizePaths });
    const except = patterns
      .map((one) => one.replace(/\/+$/, ''))
      .find((one) => path === one || path.startsWith(`${one}/`));
    if (except !== undefined) return `passes without asking: authExcept ${except === '' ? '/' : except}`;
    return `the auth server behind ${authServerOf(auth).backend} is asked: ${auth.url.split('?')[0] ?? ''}`;
  }
  if (destination.ignoreAuthorization) return undefined;
  if (routed.users) return 'asks for a password of users of the service';
  return settings.users.length > 0 ? 'asks for a password of USERS' : undefined;
}

function wakingStep({ service }: RoutedService, settings: Settings): string | undefined {
  const waking = wakingOf(service, settings);
  if (!waking || service.replicas !== 0) return undefined;
  return `0 replicas are announced: if no server takes connections, the scaler is asked for ${waking.replicas}, and the request waits up to ${waking.waitSeconds} s (browsers get a page after ${waking.pageSeconds} s)`;
}
