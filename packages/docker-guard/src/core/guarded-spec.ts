import { replaceValue } from '@docker-flow/docker/objects/spec-text';
import { isObject, isSameJson, type Json } from './json.js';

/** What an update may change of a service. */
export interface GuardedSpecOptions {
  /** The variable of containers in which the scaler writes when they are to be replaced. */
  readonly rescheduleKey: string;
}

export type GuardedSpec =
  | { readonly allowed: true; readonly specText: string }
  | { readonly allowed: false; readonly reason: string };

/** A date such as `20260102T030405`; nothing that a program in a container could take for something else. */
const RESCHEDULE_DATE = /^[0-9]{8}T[0-9]{6}$/;
const MAX_REPLICAS = 1_000_000;

/**
 * The spec to write: the one that is there, byte for byte, with the count, the force-update counter and the date of
 * rescheduling of the one that is wanted. Nothing else of what is wanted is ever passed on, so there is no text that
 * Docker could read otherwise than it was read here. Rejected when anything else differs.
 */
export function guardSpec(
  currentText: string,
  wantedText: string,
  { rescheduleKey }: GuardedSpecOptions,
): GuardedSpec {
  const current = parseObject(currentText);
  const wanted = parseObject(wantedText);
  if (current === undefined) return rejected('Docker sent a spec that cannot be read');
  if (wanted === undefined) return rejected('the spec cannot be read');
  const changes: (readonly [path: readonly string[], value: unknown])[] = [];

  const [before, after] = [replicasOf(current), replicasOf(wanted)];
  if (before !== after) {
    if (!isCount(after, MAX_REPLICAS)) return rejected('the replica count is not one');
    changes.push([['Mode', 'Replicated', 'Replicas'], after]);
  }
  const [old, forced] = [forceOf(current) ?? 0, forceOf(wanted) ?? 0];
  if (old !== forced) {
    if (!isCount(forced, Number.MAX_SAFE_INTEGER)) return rejected('the force-update counter is not one');
    changes.push([['TaskTemplate', 'ForceUpdate'], forced]);
  }
  const environment = environmentOf(wanted);
  if (!isSameJson(environmentOf(current), environment)) {
    if (!isRescheduled(environmentOf(current), environment, rescheduleKey))
      return rejected(`nothing of the environment but ${rescheduleKey} may change`);
    changes.push([['TaskTemplate', 'ContainerSpec', 'Env'], environment]);
  }
  if (!isSameJson(withoutAllowed(current), withoutAllowed(wanted)))
    return rejected('nothing but the replica count may change');

  let specText = currentText;
  for (const [path, value] of changes) {
    const changed = replaceValue(specText, path, JSON.stringify(value));
    if (changed === undefined) return rejected(`the service has no ${path.slice(0, -1).join('.')}`);
    specText = changed;
  }
  return { allowed: true, specText };
}

function rejected(reason: string): GuardedSpec {
  return { allowed: false, reason };
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function child(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function replicasOf(spec: Json): unknown {
  return child(child(child(spec, 'Mode'), 'Replicated'), 'Replicas');
}

function forceOf(spec: Json): unknown {
  return child(child(spec, 'TaskTemplate'), 'ForceUpdate');
}

function environmentOf(spec: Json): unknown {
  return child(child(child(spec, 'TaskTemplate'), 'ContainerSpec'), 'Env');
}

function isCount(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

/** Whether the two differ in nothing but the date of rescheduling. */
function isRescheduled(before: unknown, after: unknown, key: string): boolean {
  const [old, wanted] = [before ?? [], after];
  if (!Array.isArray(old) || !Array.isArray(wanted)) return false;
  const isDate = (one: unknown) => typeof one === 'string' && one.startsWith(`${key}=`);
  const dates = wanted.filter(isDate) as string[];
  const hadDate = old.some(isDate);
  return (
    dates.length > 0 &&
    dates.every((one) => RESCHEDULE_DATE.test(one.slice(key.length + 1))) &&
    (hadDate || dates.length === 1) &&
    isSameJson(
      old.filter((one) => !isDate(one)),
      wanted.filter((one) => !isDate(one)),
    )
  );
}

/** The spec without what may change. */
function withoutAllowed(spec: Json): Json {
  const mode = child(spec, 'Mode');
  const replicated = child(mode, 'Replicated');
  const template = child(spec, 'TaskTemplate');
  const container = child(template, 'ContainerSpec');
  return {
    ...spec,
    ...(isObject(mode) && isObject(replicated)
      ? { Mode: { ...mode, Replicated: without(replicated, 'Replicas') } }
      : {}),
    ...(isObject(template)
      ? {
          TaskTemplate: {
            ...without(template, 'ForceUpdate'),
            ...(isObject(container) ? { ContainerSpec: without(container, 'Env') } : {}),
          },
        }
      : {}),
  };
}

function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
