import { expect, test } from '@jest/globals';
import { parseProxyLabels } from '@docker-flow/labels';
import { serviceTemplateData } from '../services/template-data.js';
import { MASK, emptyService, serviceAnswer } from './service-json.js';

const { service } = parseProxyLabels(
  {
    serviceName: 'web',
    servicePath: '/a,/b',
    port: '80',
    users: 'me:secret',
    serviceCert: 'PEM-secret',
    timeoutServer: '7',
    replicas: '2',
    addReqHeader: 'X-A 1',
  },
  { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr_beg(host)' },
);
const users = [{ name: 'me', password: 'secret', encrypted: false }];

test('answers name users and show neither passwords nor certificates', () => {
  const answer = serviceAnswer(service, users);
  expect(JSON.stringify(answer)).not.toContain('secret');
  expect(answer).toMatchObject({
    ServiceCert: MASK,
    Users: [{ Username: 'me', Password: MASK, PassEncrypted: false }],
    AddReqHeader: ['X-A 1'],
    Replicas: 2,
  });
});

test('templates see them, because they write them into the file', () => {
  expect(serviceTemplateData(service, users)).toMatchObject({
    ServiceCert: 'PEM-secret',
    Users: [{ Password: 'secret' }],
  });
});

test('fields come in the order of old', () => {
  const keys = Object.keys(serviceAnswer(service, users));
  expect(keys.slice(0, 4)).toEqual(['ServiceName', 'AclName', 'AddReqHeader', 'AddResHeader']);
  expect(keys.slice(-3)).toEqual(['LookupRetryInterval', 'ServiceDest', 'Tasks']);
});

test('destinations have texts for ports and times, numbers for entry ports, empty lists for nothing', () => {
  const [destination] = serviceAnswer(service, users)['ServiceDest'] as readonly object[];
  expect(destination).toMatchObject({
    Port: '80',
    TimeoutServer: '7',
    TimeoutTunnel: '',
    SrcPort: 0,
    ServicePath: ['/a', '/b'],
    ServiceDomain: [],
    ReqMode: 'http',
    ReqModeFormatted: 'http',
    PathType: 'path_beg',
    UserAgent: { Value: null, AclName: '' },
  });
});

test('a service that nobody has described is empty texts, zeros and nulls', () => {
  const values = Object.values(serviceAnswer(emptyService(), undefined));
  expect(values.filter((value) => !['', 0, false, null].includes(value as null))).toEqual([]);
});
