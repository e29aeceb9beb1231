import { knownLabel, nearestLabel, splitNumber, type Parameters } from '@docker-flow/labels';

/** Stands where a secret was. */
const HIDDEN = '***';

const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi;
const TOKEN = /([?&](?:[\w-]*(?:token|password|passwd|secret|api[-_]?key)[\w-]*)=)[^&\s"'#]+/gi;

/** A text without passwords and tokens of the addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, `$1${HIDDEN}@`).replace(TOKEN, `$1${HIDDEN}`);
}

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
