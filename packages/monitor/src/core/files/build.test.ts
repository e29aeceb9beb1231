import { describe, expect, test } from '@jest/globals';
import { composeFiles, composeState } from '../../testing/world.js';
import { alertPart, buildPrometheusFiles, servicePart, variablePart } from './build.js';
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
    const names = ['web', 'zoo', 'from-file', 'known', 'from-variable'];
    expect(jobNames({ services, scrapeFiles: files, environment })).toEqual(names);
    expect(jobNames({ services: [...services].reverse(), scrapeFiles: files, environment })).toEqual(names);
  });

  test('that lose their name to another one are told', () =>
    expect(composeFiles({ services, scrapeFiles: files, environment }).problems).toEqual([
      'the job web of the scrape file scrape_x is skipped: there is another one of that name',
      'the job from-file of the variables is skipped: there is another one of that name',
    ]));
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
