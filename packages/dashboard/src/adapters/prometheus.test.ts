import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { sampleState } from '../testing/sample-state.js';
import { startSimulatedLoop, type SimulatedLoop } from '../testing/simulated-loop.js';
import { createPrometheusSource } from './prometheus.js';

let loop: SimulatedLoop;
beforeEach(async () => {
  loop = await startSimulatedLoop(sampleState(Date.now()));
});
afterEach(() => loop.close());

test('what differs by the time of a sample alone is not read again', async () => {
  const source = createPrometheusSource(createHttpClient({ timeoutMs: 5_000 }), loop.addresses.prometheus);
  const signal = new AbortController().signal;

  expect(await source.read(signal)).toHaveProperty('services');
  expect(await source.read(signal)).toBe('unchanged');

  loop.change((state) => ({
    ...state,
    services: state.services.map((one) => ({
      ...one,
      ...(one.traffic && { traffic: { ...one.traffic, requests: 77 } }),
    })),
  }));
  const reading = await source.read(signal);
  const requests =
    reading === 'unchanged'
      ? []
      : [...reading.services.values()].map(({ traffic }) => traffic.requestsPerSecond);
  expect(requests).toContain(77);
  expect(await source.read(signal)).toBe('unchanged');
});
