import { describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { readConfig } from '../config/config.js';
import type { BuildInput } from '../core/files/build.js';
import { readScrapeFile } from '../core/files/scrape-file.js';
import { rejectedAlerts } from '../core/services/monitor-state.js';
import { createFakeCheck } from '../testing/ports.fake.js';
import { composeState, type WorldInput } from '../testing/world.js';
import { createFindAccepted } from './find-accepted.js';
import { createRejectedParts } from './rejected-parts.js';

function world() {
  const check = createFakeCheck();
  const rejectedParts = createRejectedParts();
  const findAccepted = createFindAccepted({ check, rejectedParts, logger: silentLogger() });
  return { check, rejectedParts, findAccepted };
}

function input({ environment = {}, scrapeFiles = {}, ...more }: WorldInput): BuildInput {
  return {
    state: composeState({ environment, ...more }),
    scrapeFiles: Object.entries(scrapeFiles).map(([name, text]) => ({ name, file: readScrapeFile(text) })),
    variables: readConfig(environment).variables,
    alertmanagerUrls: '',
    expandsExternalLabels: false,
  };
}

const good = { serviceName: 'good', scrapePort: '80', alertName: 'a', alertIf: 'up' };

test('what passes costs one check of the files and none of single alerts', async () => {
  const { check, findAccepted } = world();
  const { rendered } = await findAccepted(input({ services: [good] }));
  expect(rendered.config).toContain('job_name: good');
  expect(check.counts).toEqual({ files: 1, alerts: 0 });
});

test('every bad alert is rejected by its own reason, without a search among the parts', async () => {
  const { check, findAccepted, rejectedParts } = world();
  const services = Array.from({ length: 50 }, (_, i) => ({
    serviceName: `s${i}`,
    alertName: 'a',
    alertIf: i % 2 === 0 ? 'up' : 'REJECTED',
  }));
  const { state, rendered } = await findAccepted(input({ services }));
  const rejected = [...state.services.values()].filter((record) => rejectedAlerts(record).length > 0);
  expect(rejected).toHaveLength(25);
  expect(rendered.rules).toContain('s0_a');
  expect(rendered.rules).not.toContain('s1_a');
  expect(check.counts).toEqual({ files: 2, alerts: 50 });
  expect(rejectedParts.reasons().size).toBe(0);
});

test('of all kinds of parts exactly the bad ones are rejected', async () => {
  const { findAccepted, rejectedParts } = world();
  const { rendered } = await findAccepted(
    input({
      environment: { GLOBAL__NOTE: 'REJECTED', GLOBAL__SCRAPE_INTERVAL: '7s' },
      services: [good, { serviceName: 'bad', scrapePort: '1', metricsPath: '/REJECTED' }],
      scrapeFiles: { scrape_a: '- job_name: one\n- job_name: two\n  note: REJECTED\n' },
    }),
  );
  expect([...rejectedParts.reasons().keys()].sort()).toEqual([
    'scrape file scrape_a two',
    'service bad',
    'variable GLOBAL__NOTE',
  ]);
  for (const text of ['scrape_interval: 7s', 'job_name: good', 'job_name: one'])
    expect(rendered.config).toContain(text);
  expect(rendered.config).not.toContain('REJECTED');
});

describe('what Prometheus has confirmed', () => {
  test('is not checked one by one again', async () => {
    const { check, findAccepted, rejectedParts } = world();
    const first = input({ services: [good] });
    rejectedParts.confirm((await findAccepted(first)).built);
    const bad = { serviceName: 'bad', alertName: 'b', alertIf: 'REJECTED' };
    const second = composeState({ services: [bad] });
    await findAccepted({
      ...first,
      state: { ...first.state, services: new Map([...first.state.services, ...second.services]) },
    });
    expect(check.counts.alerts).toBe(1);
  });

  test('is searched as well when it has become bad without a change', async () => {
    const { check, findAccepted, rejectedParts } = world();
    const both = input({ services: [good, { serviceName: 'other', scrapePort: '1' }] });
    rejectedParts.confirm((await findAccepted(both)).built);
    const original = check.check.bind(check);
    // As if a file that the job names had gone.
    check.check = (files, rendered) =>
      rendered.config.includes('job_name: other')
        ? Promise.resolve('no such file')
        : original(files, rendered);
    const { rendered } = await findAccepted(both);
    expect([...rejectedParts.reasons()]).toEqual([['service other', 'no such file']]);
    expect(rendered.config).toContain('job_name: good');
  });
});
