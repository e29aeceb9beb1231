import { expect, test } from '@jest/globals';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { settingsOf } from '../testing/render-services.js';
import { warningsHere } from './warnings-here.js';

function told(
  parameters: Parameters,
  { known = ['10.0.0.1'], environment = {} }: { known?: readonly string[]; environment?: Parameters } = {},
): readonly string[] {
  const settings = settingsOf('/nowhere', environment);
  const all = { serviceName: 'web', ...parameters };
  const { service } = parseProxyLabels(all, settings.labels);
  const here = { addresses: new Map([['web', known]]), settings };
  return warningsHere({ service, parameters: all }, here).map(({ label }) => label);
}

const HTTP = { servicePath: '/', port: '80' };
const MAIL = { reqMode: 'tcp', srcPort: '25', port: '25', acceptProxy: 'true' };

test('labels for servers of tasks are told of behind a virtual address, once where all destinations share them', () => {
  expect(told({ ...HTTP, slowStart: '5', outlierErrors: '3' })).toEqual(['slowStart', 'outlierErrors']);
  const two = { 'servicePath.1': '/', 'port.1': '80', 'servicePath.2': '/b', 'port.2': '80' };
  expect(told({ ...two, slowStart: '5', 'outlierErrors.2': '3' })).toEqual(['slowStart', 'outlierErrors.2']);
});

test('not where each task has a server', () => {
  const labels = { ...HTTP, slowStart: '5', outlierErrors: '3' };
  expect(told(labels, { known: ['10.0.0.1', '10.0.0.2'] })).toEqual([]);
  expect(told({ ...labels, discoveryType: 'DNS' })).toEqual([]);
  expect(told({ ...labels, sessionType: 'sticky-server' })).toEqual([]);
});

test('an entry port that takes anybody at his word is told of, until proxies are trusted by name', () => {
  expect(told(MAIL)).toEqual(['acceptProxy']);
  expect(told(MAIL, { environment: { TRUSTED_PROXIES: '10.0.0.0/8' } })).toEqual([]);
});
