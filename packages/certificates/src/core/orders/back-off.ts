export interface BackOffRules {
  readonly minMs: number;
  readonly maxMs: number;
}

const SPREAD = 0.1;

/**
 * The pause after so many failures in a row, from 1: doubled each time up to a limit, give or take a tenth.
 *
 * @param chance from 0 to 1
 */
export function backOffMs(failures: number, { minMs, maxMs }: BackOffRules, chance: number): number {
  const pauseMs = Math.min(maxMs, minMs * 2 ** Math.max(0, failures - 1));
  return Math.round(pauseMs * (1 - SPREAD + 2 * SPREAD * chance));
}
