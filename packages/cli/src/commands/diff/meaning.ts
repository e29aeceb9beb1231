import { createHash } from 'node:crypto';
import { knownLabel, splitNumber, withoutCredentials } from '@docker-flow/labels';
import type { ServiceEffect } from '../../programs/effects.js';
import {
  scrapeWithoutDefaults,
  serviceWithoutDefaults,
  withoutDefaults,
  type ProxyDefaults,
} from './holds-anyhow.js';
import { isSecretLabel } from '../../text/hide-secrets.js';

export type Values = Readonly<Record<string, unknown>>;

/** What the labels of one service mean, part by part; equal meanings are equal JSON. */
export interface ServiceMeaning {
  /** What holds for all routes of the service. */
  readonly service: Values;
  /** By number. */
  readonly routes: ReadonlyMap<string, Values>;
  readonly scrape: Values | undefined;
  /** By name. */
  readonly alerts: ReadonlyMap<string, Values>;
  readonly scaling: Values | undefined;
  /** Parameters that are only passed on. */
  readonly labels: ReadonlyMap<string, Values>;
}

export interface MeaningOptions {
  /** Whether replicas and bounds are compared. */
  readonly withScaling: boolean;
  readonly defaults: ProxyDefaults;
}

/** What of a service is a matter of its labels. */
export function meaningOf(
  { subject, routed, routes, scrape, alerts, scaling }: ServiceEffect,
  { withScaling, defaults }: MeaningOptions,
): ServiceMeaning {
  const { parameters, isNotified } = subject;
  const replicas = parameters['replicas'];
  return {
    service: routed ? serviceValues(routed.service, defaults) : {},
    routes: new Map(
      routes.map(({ destination, backend, httpsBackend }) => [
        String(destination.index),
        present({
          backend,
          httpsBackend,
          ...(routed ? withoutDefaults(destination, routed.service, defaults) : destination),
          index: undefined,
          userDef: destination.userDef || undefined,
        }),
      ]),
    ),
    scrape: scrape && present({ ...scrapeWithoutDefaults(scrape), service: undefined, tasks: undefined }),
    alerts: new Map(
      alerts.map(({ name, expression, for: duration, labels, annotations, persistent }) => [
        name,
        present({
          expr: withoutCredentials(expression),
          for: duration,
          labels: hideCredentials(labels),
          annotations: hideCredentials(annotations),
          persistent,
        }),
      ]),
    ),
    scaling: withScaling && (scaling || isNotified) ? present({ replicas, ...scaling }) : undefined,
    labels: new Map(
      isNotified
        ? Object.entries(parameters)
            .filter(([name]) => isPassedOn(name))
            .map(([name, value]) => [
              name,
              { value: isSecretLabel(name) ? secret(value) : withoutCredentials(value) },
            ])
        : [],
    ),
  };
}

type Routed = NonNullable<ServiceEffect['routed']>['service'];

/** What is no matter of labels, or is told with each route. */
const ELSEWHERE = new Set(['name', 'replicas', 'destinations', 'pathSearch', 'pathReplace']);

/** Secrets are compared by their fingerprint, which is not shown. */
function serviceValues(service: Routed, defaults: ProxyDefaults): Values {
  const { certificate, users } = service;
  const said = Object.entries(serviceWithoutDefaults(service, defaults));
  const rest = Object.fromEntries(said.filter(([name]) => !ELSEWHERE.has(name)));
  return present({
    ...rest,
    certificate: certificate === undefined ? undefined : secret(certificate),
    users: users.length === 0 ? undefined : secret(JSON.stringify(users)),
  });
}

/** A secret among values: equal where the texts are, and unreadable. */
function secret(text: string) {
  return { hidden: createHash('sha256').update(text).digest('hex') };
}

/** Whether it is a label that none of our programs reads. */
function isPassedOn(name: string): boolean {
  return knownLabel(name) === undefined && knownLabel(splitNumber(name).name) === undefined;
}

function hideCredentials(texts: Readonly<Record<string, string>>): Values {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, withoutCredentials(text)]));
}

/** Flags whose `false` says something else than nothing. */
const TRI_STATE = new Set(['checkResolvers', 'cookieSecure']);

/** Without what says nothing: nothing at all, empty lists, flags that are off. */
function present(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => !(value === undefined || isOff(name, value) || isEmpty(value)))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isOff(name: string, value: unknown): boolean {
  return value === false && !TRI_STATE.has(name);
}

/** Lists in which the order says nothing. */
const SETS = new Set([
  'allowFrom',
  'allowedMethods',
  'deniedMethods',
  'denyFrom',
  'headers',
  'paths',
  'pathsExcluded',
  'userAgents',
]);

/** Equal for values that mean the same: sets in any order, domains in any letter case. */
export function meaningKey(values: Values | undefined): string {
  return JSON.stringify(values, (name, value: unknown) =>
    Array.isArray(value) ? listKey(name, value) : value,
  );
}

function listKey(name: string, items: readonly unknown[]): readonly unknown[] {
  if (name === 'domains') return items.map((domain) => String(domain).toLowerCase());
  return SETS.has(name) ? [...new Set(items.map((item) => JSON.stringify(item)))].sort() : items;
}

function isEmpty(value: unknown): boolean {
  if (value === '') return true;
  return typeof value === 'object' && value !== null && Object.values(value).flat().length === 0;
}
