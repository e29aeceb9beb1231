import { expect, test } from '@jest/globals';
import { prometheusReading, serviceOfBackend } from './prometheus-reading.js';

test.each([
  ['go-demo_main-be8080_0', 'go-demo_main'],
  ['https-web-be8443_1', 'web'],
  ['dummy-be', undefined],
])('the backend %s belongs to %s', (backend, service) => {
  expect(serviceOfBackend(backend)).toBe(service);
});

const sample = (proxy: string, value: string) => ({
  metric: { proxy },
  value: [1, value] as [number, string],
});

test('what is measured of all backends of a service is added up', () => {
  const requests = { data: { result: [sample('web-be80_0', '1.23456'), sample('https-web-be443_0', '2')] } };
  const mean = { data: { result: [sample('web-be80_0', 'NaN')] } };
  const reading = prometheusReading({
    targets: { data: { activeTargets: [] } },
    rules: { data: { groups: [] } },
    vectors: { requests, mean },
  });
  expect(reading.services.get('web')).toEqual({ targets: [], traffic: { requestsPerSecond: 3.23 } });
});

test('where both exporters of the proxy are scraped, nothing is counted twice', () => {
  const old = (backend: string, value: string) => ({
    metric: { backend },
    value: [1, value] as [number, string],
  });
  const requests = {
    data: {
      result: [
        old('web-be80_0', '5'),
        sample('web-be80_0', '5'),
        old('web-be80_0', '5'),
        old('db-be80_0', '3'),
      ],
    },
  };
  const reading = prometheusReading({
    targets: { data: { activeTargets: [] } },
    rules: { data: { groups: [] } },
    vectors: { requests },
  });
  expect(reading.services.get('web')?.traffic).toEqual({ requestsPerSecond: 5 });
  expect(reading.services.get('db')?.traffic).toEqual({ requestsPerSecond: 3 });
});
