import {
  knownLabel,
  nearestLabel,
  splitNumber,
  withoutCredentials,
  type Parameters,
} from '@docker-flow/labels';

/** Stands where a secret was. */
const HIDDEN = '***';

/** Whether the value of a parameter, with or without number, is never shown. */
function isSecretParameter(name: string): boolean {
  return (knownLabel(splitNumber(name).name) ?? knownLabel(name))?.label.secret === true;
}

/**
 * Whether the value of a label as it is written is never shown: it counts what was probably meant, whatever stands before
 * the last dot, so that a misspelling shows nothing either.
 */
export function isSecretLabel(written: string): boolean {
  const parts = written.trim().split('.');
  const last = parts.findLast((part) => !/^\d*$/.test(part)) ?? '';
  return isSecretParameter(last) || isSecretParameter(nearestLabel(last) ?? '');
}

/** Parameters of which those that hold secrets only say that they are there. */
export function withoutSecretValues(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      isSecretLabel(name) ? HIDDEN : withoutCredentials(value),
    ]),
  );
}
