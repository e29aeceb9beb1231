import { expect, test } from '@jest/globals';
import { composeFiles } from '../../testing/world.js';
import { createIncrementalCheck, type UncheckedFiles } from './incremental-check.js';
import type { PrometheusFiles } from '../services/prometheus-model.js';
import type { RenderedFiles } from './render.js';

interface Composed {
  readonly files: PrometheusFiles;
  readonly rendered: RenderedFiles;
}

const first = { serviceName: 'a', scrapePort: '80', alertName: 'x', alertIf: 'up' };
const second = { serviceName: 'b', scrapePort: '81', alertName: 'y', alertIf: 'absent(up)' };

/** The names of what has to be checked. */
function names({ files }: UncheckedFiles) {
  return {
    jobs: (files.config.scrape_configs ?? []).map((job) => job.job_name),
    rules: (files.rules?.groups ?? []).flatMap(({ rules }) => rules.map(({ alert }) => alert)),
    targets: [...files.targets.keys()],
  };
}

function world() {
  const find = createIncrementalCheck();
  return ({ files, rendered }: Composed) => find(files, rendered.targets);
}

/** The same files with one more service: what has not changed are the same objects, as in the program. */
function grown(before: Composed, after: Composed): Composed {
  const jobs = (after.files.config.scrape_configs ?? []).map(
    (job) => before.files.config.scrape_configs?.find((one) => one.job_name === job.job_name) ?? job,
  );
  const old = before.files.rules?.groups.flatMap(({ rules }) => rules) ?? [];
  const groups = after.files.rules?.groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => old.find(({ alert }) => alert === rule.alert) ?? rule),
  }));
  const config = { ...after.files.config, scrape_configs: jobs };
  return { ...after, files: { ...after.files, config, rules: groups && { groups } } };
}

test('only what is new is checked once the rest has been accepted', () => {
  const find = world();
  const one = composeFiles({ services: [first] });
  const found = find(one);
  expect(names(found)).toEqual({ jobs: ['a'], rules: ['a_x'], targets: [] });
  found.accept();
  expect(find(one).isEmpty).toBe(true);
  const two = grown(one, composeFiles({ services: [first, second] }));
  expect(names(find(two))).toEqual({ jobs: ['b'], rules: ['b_y'], targets: [] });
});

test('what was rejected is checked again', () => {
  const find = world();
  const one = composeFiles({ services: [first] });
  expect(names(find(one)).jobs).toEqual(['a']);
  expect(names(find(one)).jobs).toEqual(['a']);
});

test('all jobs are checked again when the other sections change, on which they depend', () => {
  const find = world();
  const one = composeFiles({ services: [first] });
  find(one).accept();
  const changed = composeFiles({ services: [first], environment: { GLOBAL__SCRAPE_INTERVAL: '7s' } });
  expect(names(find(grown(one, changed)))).toEqual({ jobs: ['a'], rules: ['a_x'], targets: [] });
});

test('a job is checked again when its targets change in more than their address', () => {
  const find = world();
  const on = (node: string, address: string) =>
    composeFiles({ services: [{ ...first, nodeInfo: JSON.stringify([[node, address, 'id']]) }] });
  const one = on('n', '10.0.0.1');
  find(one).accept();
  expect(find(one).isEmpty).toBe(true);
  expect(find(grown(one, on('m', '10.0.0.2'))).isEmpty).toBe(true);
  expect(names(find(grown(one, on('ü', '10.0.0.2'))))).toEqual({ jobs: ['a'], rules: [], targets: ['a'] });
});

test('what differs from something accepted in names alone needs no check, until other sections change', () => {
  const find = world();
  const like = { ...first, serviceName: 'b' };
  const all = (interval: string) =>
    composeFiles({ services: [first, like], environment: { GLOBAL__SCRAPE_INTERVAL: interval } });
  const one = composeFiles({ services: [first], environment: { GLOBAL__SCRAPE_INTERVAL: '5s' } });
  find(one).accept();
  expect(find(all('5s')).isEmpty).toBe(true);
  expect(names(find(all('7s')))).toEqual({ jobs: ['a', 'b'], rules: ['a_x', 'b_x'], targets: [] });
});

test('what names files is checked each time: they may be gone', () => {
  const find = world();
  const job = { job_name: 'own', file_sd_configs: [{ files: ['/etc/targets/*.json'] }] };
  const withJob = { files: { config: { scrape_configs: [job] }, rules: undefined, targets: new Map() } };
  const rendered = composeFiles({}).rendered;
  find({ ...withJob, rendered }).accept();
  expect(names(find({ ...withJob, rendered })).jobs).toEqual(['own']);
  const remote = composeFiles({
    environment: { REMOTE_WRITE_1__URL: 'http://w', REMOTE_WRITE_1__TLS_CONFIG__CA_FILE: '/ca.pem' },
  });
  find(remote).accept();
  expect(find(remote).isEmpty).toBe(false);
});
