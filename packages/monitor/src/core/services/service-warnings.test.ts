import { expect, test } from '@jest/globals';
import { composeState } from '../../testing/world.js';
import { warningsOf } from './service-warnings.js';

test('two services whose rules have one name are both told, and nobody else', () => {
  const alert = (serviceName: string, alertName: string) => ({
    serviceName,
    'alertName.2': alertName,
    'alertIf.2': 'up',
  });
  const state = composeState({
    services: [alert('my-service', 'al-ert'), alert('myservice', 'alert'), alert('other', 'alert')],
  });
  const told = [...state.services.values()].flatMap((record) => warningsOf(state, record));
  expect(told.map(({ service, label }) => [service, label])).toEqual([
    ['my-service', 'alertName.2'],
    ['myservice', 'alertName.2'],
  ]);
  expect(told[0]?.problem).toContain('the service myservice');
});
