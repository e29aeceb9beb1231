import { expect, test } from '@jest/globals';
import { acceptedAlerts } from './monitor-state.js';
import { buildServiceRecord } from './service-record.js';
import { recordSettings } from '../../testing/world.js';

function build(labels: Record<string, string>, mayScaleOthers = false) {
  const record = buildServiceRecord(
    { serviceName: 'mine', alertName: 'a', alertIf: 'up == 0', ...labels },
    { ...recordSettings(), mayScaleOthers },
  );
  return { labels: acceptedAlerts(record)[0]?.labels, told: record.warnings.map(({ label }) => label) };
}

test.each([
  ['service=bank,scale=down', {}],
  ['service=bank,scale=up,type=service', {}],
  ['service=bank,scale={{ "up" }}', {}],
  ['service={{ "bank" }},scale=up', {}],
  ['service=bank,scale=up', { alertIf: '@service_mem_limit:0.8' }],
  ['service=bank', { alertIf: 'label_replace(up, "scale", "up", "", "") == 0' }],
])('an alert that may scale names its own service alone: %s', (alertLabels, more) => {
  const { labels, told } = build({ alertLabels, ...more });
  expect(labels).toMatchObject({ service: 'mine' });
  expect(told).toEqual(['alertLabels']);
});

test('a service is named where a label of the series could name another one', () => {
  expect(build({ alertLabels: 'scale=up' })).toMatchObject({ labels: { service: 'mine' }, told: [] });
  const alertIf = 'label_replace(up, "service", "bank", "", "") == 0';
  expect(build({ alertIf })).toMatchObject({ labels: { service: 'mine' }, told: [] });
});

test.each(['service=bank', 'service=bank,scale=sideways'])(
  'an alert that scales nothing may say %s',
  (alertLabels) => expect(build({ alertLabels })).toMatchObject({ labels: { service: 'bank' }, told: [] }),
);

test('an operator may allow alerts that scale other services', () => {
  expect(build({ alertLabels: 'service=bank,scale=up' }, true)).toEqual({
    labels: { service: 'bank', scale: 'up' },
    told: [],
  });
});
