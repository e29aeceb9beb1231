import { describe, expect, test } from '@jest/globals';
import { composeFiles, composeState } from '../../testing/world.js';
import { alertPart, buildPrometheusFiles, scrapeFilePart, servicePart, variablePart } from './build.js';
import { readScrapeFile } from './scrape-file.js';
import { configVariables } from '../variables/variable.js';

const jobNames = (input: Parameters<typeof composeFiles>[0]) =>
  (composeFiles(input).files.config.scrape_configs ?? []).map((job) => job.job_name);

describe('jobs', () => {
  const files = { scrape_x: '- job_name: from-file\n- job_name: web\n' };
  const environment = {
    SCRAPE_CONFIGS_1__JOB_NAME: 'from-variable',
    SCRAPE_CONFIGS_2__JOB_NAME: 'from-file',
  };
  const nodeInfo = '[["n","10.0.0.1","id"]]';
  const services = [
    { serviceName: 'zoo', scrapePort: '80' },
    { serviceName: 'known', scrapePort: '80', nodeInfo },
    { serviceName: 'web', scrapePort: '80' },
  ];

  test('come in one order: services by name, files, services with known tasks, variables; each name once', () => {
    const names = ['zoo', 'from-file', 'web', 'known', 'from-variable'];
    expect(jobNames({ services, scrapeFiles: files, environment })).toEqual(names);
    expect(jobNames({ services: [...services].reverse(), scrapeFiles: files, environment })).toEqual(names);
  });

  test('of the operator keep their names, and whose is skipped is told', () => {
    const {
      problems,
      displaced,
      files: built,
    } = composeFiles({
      services: [...services, { serviceName: 'from-variable', scrapePort: '1', nodeInfo }],
      scrapeFiles: files,
      environment,
    });
    expect(problems).toEqual([
      'the job from-file of the environment is skipped: the scrape file scrape_x has one of that name',
    ]);
    expect([...displaced]).toEqual([
      ['from-variable', 'the environment has a job of this name'],
      ['web', 'the scrape file scrape_x has a job of this name'],
    ]);
    expect([...built.targets.keys()]).toEqual(['known']);
  });

  test('of the operator keep their names even when they are rejected', () => {
    const state = composeState({ services });
    const file = readScrapeFile('- job_name: web\n');
    const input = { state, variables: [], alertmanagerUrls: '', expandsExternalLabels: false };
    const built = buildPrometheusFiles(
      { ...input, scrapeFiles: [{ name: 'scrape_x', file }] },
      (part) => part === scrapeFilePart('scrape_x', 'web'),
    );
    expect(built.files.config.scrape_configs?.map((job) => job.job_name)).toEqual(['zoo', 'known']);
  });
});

describe('parts', () => {
  const services = [{ serviceName: 'web', scrapePort: '80', alertName: 'a', alertIf: 'up' }];
  const input = {
    state: composeState({ services }),
    scrapeFiles: [],
    variables: configVariables({ GLOBAL__SCRAPE_INTERVAL: '5s' }),
    alertmanagerUrls: '',
    expandsExternalLabels: false,
  };

  test('are named after what they come from', () =>
    expect([...buildPrometheusFiles(input).parts.keys()]).toEqual([
      variablePart('GLOBAL__SCRAPE_INTERVAL'),
      servicePart('web'),
      alertPart('web', 'web_a'),
    ]));

  test.each([
    [servicePart('web'), { global: { scrape_interval: '5s' }, rule_files: ['alert.rules'] }],
    [
      alertPart('web', 'web_a'),
      { global: { scrape_interval: '5s' }, scrape_configs: [expect.objectContaining({ job_name: 'web' })] },
    ],
  ])('%s can be rejected alone', (part, config) =>
    expect(buildPrometheusFiles(input, (one) => one === part).files.config).toEqual(config),
  );
});

test('a dollar sign in an external label is doubled for a server that would expand it', () => {
  const variables = configVariables({ GLOBAL__EXTERNAL_LABELS: 'price=5$NAME' });
  const input = { state: composeState({}), scrapeFiles: [], variables, alertmanagerUrls: '' };
  const labels = (expandsExternalLabels: boolean) =>
    buildPrometheusFiles({ ...input, expandsExternalLabels }).files.config.global?.['external_labels'];
  expect(labels(true)).toEqual({ price: '5$$NAME' });
  expect(labels(false)).toEqual({ price: '5$NAME' });
});

test('two services whose alerts collapse to one name both keep their rule', () => {
  const services = [
    { serviceName: 'my-service', alertName: 'al-ert', alertIf: 'up > 1' },
    { serviceName: 'myservice', alertName: 'alert', alertIf: 'up > 2' },
  ];
  expect(composeFiles({ services }).files.rules?.groups[0]?.rules).toEqual([
    { alert: 'myservice_alert', expr: 'up > 1' },
    { alert: 'myservice_alert', expr: 'up > 2' },
  ]);
});
