import { expect, test } from '@jest/globals';
import { aReceiver, aService } from '../../testing/swarm-objects.js';
import { labelIssues, networkIssue } from './label-issues.js';

const rules = {
  notify: { key: 'com.df.notify', value: undefined },
  createReceivers: [aReceiver('create', 'proxy:8080'), aReceiver('create', 'monitor:8080')],
};

test.each([
  ['com.df.notify', '"true"', 'is in quotes and read without them', 'true'],
  ['com.df.notify', 'yes', 'does not mark the service, so nobody is told of it', 'true or false'],
  ['com.df.shortName', 'on', 'is not a boolean and counts as false', 'true or false'],
  ['com.df.shortname', 'true', 'is not known', 'com.df.shortName'],
  ['com.df.shortNam', 'true', 'is not a label, and no program reads it', 'com.df.shortName'],
  ['com.df.notifyServise', 'proxy', 'is not a label, and no program reads it', 'com.df.notifyService'],
  [
    'com.df.notifyService',
    'prxy',
    'names no receiver, so nobody is told of the service',
    'proxy:8080 or monitor:8080',
  ],
])('%s=%s is told: it %s', (label, value, problem, expected) => {
  const service = aService({ labels: { 'com.df.notify': 'true', [label]: value } });
  expect(labelIssues(service, rules)).toEqual([{ service: 'web', label, value, problem, expected }]);
});

test('labels beside the image are told, unless the service has them too', () => {
  const service = aService({
    labels: { 'com.df.notify': 'true' },
    containerLabels: { 'com.df.notify': 'true', 'com.df.port': '80' },
  });
  expect(labelIssues(service, rules)).toMatchObject([
    { label: 'com.df.port', problem: 'is a label of the containers, which nobody reads' },
  ]);
});

test.each([
  { 'com.df.notify': 'true', 'com.df.shortName': 'TRUE', 'com.df.notifyService': '"PROXY", monitor:8080' },
  { 'com.df.notify': 'false', 'com.df.notifyService': 'nobody' },
  { 'com.df.port': '"80"' },
])('of %j nothing is wrong but quotes', (labels) => {
  const problems = labelIssues(aService({ labels }), rules).map(({ problem }) => problem);
  expect(problems.filter((problem) => problem !== 'is in quotes and read without them')).toEqual([]);
});

test('a scrape network on which no task is is told with those on which they are', () => {
  const service = aService({ labels: { 'com.df.scrapeNetwork': 'monitr' } });
  expect(networkIssue(service, [])).toEqual([]);
  expect(networkIssue(service, ['shop_back', 'shop_monitor'])).toMatchObject([
    { label: 'com.df.scrapeNetwork', value: 'monitr', expected: 'shop_back or shop_monitor' },
  ]);
});
