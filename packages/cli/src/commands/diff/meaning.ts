import { createHash } from 'node:crypto';
import { knownLabel, splitNumber } from '@docker-flow/labels';
import type { ServiceEffect } from '../../programs/effects.js';
import { isSecretLabel, withoutCredentials } from '../../text/hide-secrets.js';

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

/** What of a service is a matter of its labels; who counts replicas and bounds is asked in `withScaling`. */
export function meaningOf(
  { subject, routed, routes, scrape, alerts, scaling }: ServiceEffect,
  { withScaling }: { readonly withScaling: boolean },
): ServiceMeaning {
  const { parameters, isNotified } = subject;
  const replicas = parameters['replicas'];
  return {
    service: routed ? serviceValues(routed.service) : {},
    routes: new Map(
      routes.map(({ destination, backend, httpsBackend }) => [
        String(destination.index),
        present({
          backend,
          httpsBackend,
          ...destination,
          index: undefined,
          userDef: destination.userDef || undefined,
        }),
      ]),
    ),
    scrape: scrape && present({ ...scrape, service: undefined, tasks: undefined }),
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
function serviceValues(service: Routed): Values {
  const { certificate, users } = service;
  const rest = Object.fromEntries(Object.entries(service).filter(([name]) => !ELSEWHERE.has(name)));
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

/** Without what says nothing: nothing at all, empty lists, flags that are off. */
function present(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => !(value === undefined || value === false || isEmpty(value)))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === '') return true;
  return typeof value === 'object' && value !== null && Object.values(value).flat().length === 0;
}
