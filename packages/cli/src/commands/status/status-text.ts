import { createColors } from 'picocolors';
import { onOneLine } from '../../lint/findings/show-value.js';
import type { ServiceStatus } from './checks.js';

interface TextOptions {
  readonly isLive: boolean;
  readonly waitedSeconds: number;
  readonly hasColor: boolean;
}

/** For people: a line for each service, one for each thing that is not well, a summary last. */
export function statusText(services: readonly ServiceStatus[], options: TextOptions): string {
  const colors = createColors(options.hasColor);
  const paint = { ok: colors.green, waiting: colors.yellow, failed: colors.red, skipped: colors.dim };
  const lines = services.map(({ service, checks }) => {
    const states = checks
      .filter(({ reason }) => reason !== 'not asked')
      .map(({ name, state }) => `${name} ${paint[state](state)}`);
    const reasons = checks
      .filter(({ state }) => state === 'waiting' || state === 'failed')
      .map(({ name, reason }) => `    ${name}: ${onOneLine(reason)}\n`);
    return `${onOneLine(service)}: ${states.join(', ')}\n${reasons.join('')}`;
  });
  const after = options.waitedSeconds > 0 ? ` after ${options.waitedSeconds} s` : '';
  const summary = options.isLive ? colors.green(`all is live${after}`) : colors.red(`not live${after}`);
  return `${lines.join('')}${summary}\n`;
}
