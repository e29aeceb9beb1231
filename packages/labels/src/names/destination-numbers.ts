import { PROXY_LABELS as LABELS } from '../catalogue/proxy.js';

/** Labels of which one makes a destination. */
export const DESTINATION_MAKERS = [
  LABELS.servicePath,
  LABELS.port,
  LABELS.serviceDomain,
  LABELS.httpsPort,
] as const;

export const MAX_DESTINATIONS = 10;

/** Which numbers have a destination: 1, 2, … without a gap, else 0 for the one without number; maybe none. */
export function destinationNumbers(parameters: Readonly<Record<string, string>>): readonly number[] {
  const makes = (suffix: string) =>
    DESTINATION_MAKERS.some(({ name }) => Boolean(parameters[`${name}${suffix}`]));
  const numbers: number[] = [];
  for (let i = 1; i <= MAX_DESTINATIONS && makes(`.${i}`); i += 1) numbers.push(i);
  if (numbers.length > 0) return numbers;
  return makes('') ? [0] : [];
}
