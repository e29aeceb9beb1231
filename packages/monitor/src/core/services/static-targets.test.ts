import { expect, test } from '@jest/globals';
import { staticTargets } from './static-targets.js';

test('pairs are matched by number, in the order of the numbers', () =>
  expect(
    staticTargets({
      SERVICE_NAME_10: 'ten.test',
      SCRAPE_PORT_10: '10',
      SCRAPE_PORT_2: ' 2 ',
      SERVICE_NAME_2: '10.0.0.2',
    }),
  ).toEqual({
    services: [
      { serviceName: '10.0.0.2', scrapePort: '2', scrapeType: 'static_configs' },
      { serviceName: 'ten.test', scrapePort: '10', scrapeType: 'static_configs' },
    ],
    warnings: [],
  }));

test('an address with its port needs no other one', () =>
  expect(staticTargets({ SERVICE_NAME_1: 'db.acme.com:9187', SERVICE_NAME_2: '[::1]:80' }).services).toEqual([
    { serviceName: 'db.acme.com:9187', scrapePort: '9187', scrapeType: 'static_configs' },
    { serviceName: '[::1]:80', scrapePort: '80', scrapeType: 'static_configs' },
  ]));

test.each([
  [{ SCRAPE_PORT_1: '1' }, 'SCRAPE_PORT_1 and SERVICE_NAME_1 are not both set'],
  [{ SERVICE_NAME_1: 'a' }, 'SCRAPE_PORT_1 and SERVICE_NAME_1 are not both set'],
  [{ SCRAPE_PORT_1: 'x', SERVICE_NAME_1: 'a' }, 'SCRAPE_PORT_1="x" is not a port'],
  [{ SCRAPE_PORT_1: '1', SERVICE_NAME_1: '../a' }, 'SERVICE_NAME_1="../a" is not the name of a host'],
])('%j is skipped alone', (bad, warning) => {
  const good = { SERVICE_NAME_5: 'good', SCRAPE_PORT_5: '5' };
  const { services, warnings } = staticTargets({ ...bad, ...good });
  expect(services.map(({ serviceName }) => serviceName)).toEqual(['good']);
  expect(warnings).toEqual([warning]);
});

test('other variables are none of it', () =>
  expect(staticTargets({ SCRAPE_PORT: '1', SERVICE_NAME: 'a', SCRAPE_PORT_X: '1' })).toEqual({
    services: [],
    warnings: [],
  }));
