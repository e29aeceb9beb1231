import { expect, test } from '@jest/globals';
import { environmentServices, variableName } from './environment-services.js';

test('one service without number and any with numbers, up to the first gap', () => {
  const names = environmentServices({
    DFP_SERVICE_SERVICE_NAME: 'one',
    DFP_SERVICE_1_SERVICE_NAME: 'two',
    DFP_SERVICE_2_SERVICE_NAME: 'three',
    DFP_SERVICE_4_SERVICE_NAME: 'never',
  }).map(({ serviceName }) => serviceName);
  expect(names).toEqual(['one', 'two', 'three']);
});

test('destinations take their number from the end of the variable', () => {
  expect(
    environmentServices({
      DFP_SERVICE_1_SERVICE_NAME: 'web',
      DFP_SERVICE_1_SERVICE_PATH_1: '/a',
      DFP_SERVICE_1_PORT_1: '80',
      DFP_SERVICE_1_REQ_PATH_SEARCH_REPLACE_2: 'a,b',
      DFP_SERVICE_1_USERS: 'me:secret',
    }),
  ).toEqual([
    {
      serviceName: 'web',
      'servicePath.1': '/a',
      'port.1': '80',
      'reqPathSearchReplace.2': 'a,b',
      users: 'me:secret',
    },
  ]);
});

test('they are always there and never sent on, whatever the variables say', () => {
  const [service] = environmentServices({
    DFP_SERVICE_SERVICE_NAME: 'web',
    DFP_SERVICE_REPLICAS: '0',
    DFP_SERVICE_DISTRIBUTE: 'true',
  });
  expect(service).toEqual({ serviceName: 'web' });
});

test('variables without a service name describe nothing', () => {
  expect(environmentServices({ DFP_SERVICE_PORT: '80', DFP_SERVICE_1_PORT: '81' })).toEqual([]);
});

test.each([
  ['aclName', 'ACL_NAME'],
  ['reqPathSearchReplace', 'REQ_PATH_SEARCH_REPLACE'],
  ['port', 'PORT'],
])('%s is written %s', (parameter, variable) => {
  expect(variableName(parameter)).toBe(variable);
});
