import { variable } from '@docker-flow/daemon/config/environment';
import { readDuration } from '@docker-flow/labels';
import type { Limit } from '../core/orders/limits.js';

/** A limit as a variable says it: none, so many within a time, or nothing said. */
export type WrittenLimit = Limit | 'none' | undefined;

/** `number/duration` such as `250/3h`; `0` is none. */
export function limit() {
  return variable<WrittenLimit>((value) => {
    if (value === undefined || value === '') return { ok: true, value: undefined };
    if (value === '0') return { ok: true, value: 'none' };
    const [, count = '', within = ''] = /^([0-9]{1,7})\/(.+)$/.exec(value) ?? [];
    const duration = readDuration(within);
    return Number(count) > 0 && duration.ok && duration.value > 0
      ? { ok: true, value: { count: Number(count), withinMs: duration.value } }
      : { ok: false, problem: 'is not a limit', expected: 'number/duration such as 250/3h, or 0 for none' };
  });
}
