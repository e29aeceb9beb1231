import type { Parameters } from '@docker-flow/labels';
import type { ServiceEffect } from '../../programs/effects.js';
import type { Answer, Answers, MonitoredService, ProxyStatus, ScaledService } from './answers.js';

/** `failed` will not become well by waiting; `skipped`: nobody was asked, or nothing is wanted. */
export interface Check {
  readonly name: 'listener' | 'proxy' | 'monitor' | 'prometheus' | 'scaler';
  readonly state: 'ok' | 'waiting' | 'failed' | 'skipped';
  readonly reason: string;
}

/** One service and what the programs say of it. */
export interface ServiceStatus {
  readonly service: string;
  readonly checks: readonly Check[];
}

type Outcome = Omit<Check, 'name'>;

const OK: Outcome = { state: 'ok', reason: '' };
const waiting = (reason: string): Outcome => ({ state: 'waiting', reason });
const failed = (reason: string): Outcome => ({ state: 'failed', reason });
const skipped = (reason: string): Outcome => ({ state: 'skipped', reason });

/** What each program says of one service, compared with what its labels want. */
export function checksOf(effect: ServiceEffect, answers: Answers): readonly Check[] {
  const name = effect.subject.parameters['serviceName'] ?? '';
  const asked = <T>(answer: Answer<T> | undefined, look: (value: T) => Outcome): Outcome => {
    if (!answer) return skipped('not asked');
    return answer.ok ? look(answer.value) : waiting(answer.reason);
  };
  return [
    {
      name: 'listener',
      ...asked(answers.listener, (announced) => announcement(effect, announced.get(name))),
    },
    { name: 'proxy', ...asked(answers.proxy, (status) => routing(effect, name, status)) },
    { name: 'monitor', ...asked(answers.monitor, (services) => monitoring(effect, services.get(name))) },
    {
      name: 'prometheus',
      ...asked(answers.prometheus, ({ targets, rules }) => scraping(effect, targets.get(name) ?? [], rules)),
    },
    { name: 'scaler', ...asked(answers.scaler, (services) => scaling(effect, services)) },
  ];
}

/** What changes by itself, or is added on the way. */
const NOT_COMPARED = new Set(['replicas', 'nodeInfo']);
const MASK = '***';

function announcement({ subject }: ServiceEffect, announced: Parameters | undefined): Outcome {
  if (!subject.isNotified)
    return announced ? waiting('is still announced') : skipped('the service is not announced');
  if (!announced) return waiting('is not announced yet');
  const names = [...new Set([...Object.keys(subject.parameters), ...Object.keys(announced)])];
  const different = names.filter(
    (name) =>
      !NOT_COMPARED.has(name) &&
      announced[name] !== subject.parameters[name] &&
      // Without a token a listener hides secrets.
      !(announced[name] === MASK && subject.parameters[name] !== undefined),
  );
  return different.length === 0 ? OK : waiting(`announced with another ${different.sort().join(', ')}`);
}

function routing({ routes }: ServiceEffect, name: string, { services, rejected }: ProxyStatus): Outcome {
  const rejection = rejected.find(({ service }) => service === name);
  if (rejection) return failed(rejection.message);
  if (routes.length === 0) return skipped('asks for no route');
  const live = services.find(({ service }) => service === name);
  if (!live) return waiting('is not routed yet');
  const wanted = routes.map(({ destination }) => routeText(destination));
  const there = live.routes.map(routeText);
  const missing = wanted.filter((route) => !there.includes(route));
  const other = there.filter((route) => !wanted.includes(route));
  if (missing.length === 0 && other.length === 0) return OK;
  return waiting(
    missing[0] === undefined ? `still has the route ${other[0] ?? ''}` : `lacks the route ${missing[0]}`,
  );
}

interface ShownRoute {
  readonly mode: string;
  readonly paths: readonly string[];
  readonly domains: readonly string[];
  readonly port?: number | null | undefined;
  readonly srcPort?: number | null | undefined;
  readonly httpsPort?: number | null | undefined;
}

function routeText({ mode, paths, domains, port, srcPort, httpsPort }: ShownRoute): string {
  const part = (before: string, value: string | number | null | undefined) =>
    value === undefined || value === null || value === '' ? '' : ` ${before} ${String(value)}`;
  return `${mode}${part('on', srcPort)}${part('of', domains.join(','))}${part('below', paths.join(','))}${part('to', port)}${part('or', httpsPort)}`;
}

function monitoring({ scrape, alerts }: ServiceEffect, known: MonitoredService | undefined): Outcome {
  if (known?.rejected[0]) {
    const { alertName, reason } = known.rejected[0];
    return failed(`the alert ${alertName} is rejected: ${reason}`);
  }
  if (known?.scrape?.rejected !== undefined) return failed(`the job is rejected: ${known.scrape.rejected}`);
  if (!scrape && alerts.length === 0) return skipped('asks for no job and no alert');
  if (!known) return waiting('is not known yet');
  if (scrape && known.scrape?.scrapePort !== scrape.port)
    return waiting(`lacks the job on port ${scrape.port}`);
  const missing = alerts.find(
    ({ formattedName, expression }) =>
      !known.alerts.some((one) => one.alertNameFormatted === formattedName && one.expression === expression),
  );
  return missing ? waiting(`lacks the alert ${missing.formattedName}`) : OK;
}

interface Target {
  readonly health: string;
  readonly lastError: string;
}

function scraping(
  { scrape, alerts }: ServiceEffect,
  targets: readonly Target[],
  rules: ReadonlySet<string>,
): Outcome {
  if (!scrape && alerts.length === 0) return skipped('asks for no job and no alert');
  if (scrape && targets.length === 0) return waiting('has no target yet');
  const down = targets.find(({ health }) => health !== 'up');
  if (scrape && down)
    return waiting(`a target is ${down.health}${down.lastError === '' ? '' : `: ${down.lastError}`}`);
  const missing = alerts.find(({ formattedName }) => !rules.has(formattedName));
  return missing ? waiting(`lacks the rule ${missing.formattedName}`) : OK;
}

function scaling(
  { subject, scaling: wanted }: ServiceEffect,
  services: ReadonlyMap<string, ScaledService>,
): Outcome {
  if (!wanted) return skipped('has no label of the scaler');
  const known = services.get(subject.fullName);
  if (!known) return waiting('is not known yet');
  const { min, max, replicas } = known;
  if (min.value !== wanted.min || max.value !== wanted.max)
    return waiting(`has the bounds ${min.value} to ${max.value}, not ${wanted.min} to ${wanted.max}`);
  if (replicas.running !== replicas.wanted)
    return waiting(`${replicas.running ?? 0} of ${replicas.wanted} replicas run`);
  return OK;
}
