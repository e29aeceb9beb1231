import { expect, test } from '@jest/globals';
import { silentLogger, type Logger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import { createMonitorMetrics } from '../metrics.js';
import { composeState } from '../testing/world.js';
import { createInstallReport } from './install-report.js';

function world() {
  const lines: string[] = [];
  const logger: Logger = {
    ...silentLogger(),
    warn: (message, fields) =>
      lines.push(`${message}: ${String(fields?.['label'] ?? fields?.['alertName'])}`),
  };
  const report = createInstallReport({ metrics: createMonitorMetrics(new Registry()), logger });
  const put = (parameters: Record<string, string>) => {
    const state = composeState({ services: [{ serviceName: 's', ...parameters }] });
    for (const record of state.services.values()) report.record(record, state);
    return lines.splice(0);
  };
  return { report, put };
}

test('a warning is told once, however often the service is described', () => {
  const { put } = world();
  const broken = { scrapePort: 'x', alertName: 'a', alertIf: '@nope' };
  expect(put(broken)).toEqual(['Alert is rejected: a', 'Label cannot be used as it is: scrapePort']);
  expect(put(broken)).toEqual([]);
  expect(put({ ...broken, metricPath: '1' })).toEqual(['Label cannot be used as it is: metricPath']);
});

test('and again when it was mended, or the service was gone, in between', () => {
  const { report, put } = world();
  expect(put({ scrapePort: 'x' })).toHaveLength(1);
  expect(put({ scrapePort: '1' })).toEqual([]);
  expect(put({ scrapePort: 'x' })).toHaveLength(1);
  report.sizes(composeState({}), 0);
  expect(put({ scrapePort: 'x' })).toHaveLength(1);
});
