import { expect, test } from '@jest/globals';
import type { Issue } from '@docker-flow/labels';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { routedService, settingsOf } from '../testing/render-services.js';
import type { Verdicts } from '../core/model/service-version.js';
import type { ServiceEntry } from './service-store.js';
import { createTold } from './told.js';

const settings = settingsOf('/nowhere');

function world() {
  const lines: string[] = [];
  const told = createTold(
    {
      ...silentLogger(),
      warn: (message, fields) => lines.push([message, ...Object.values(fields ?? {})].join(' | ')),
    },
    settings,
  );
  const settle = (...entries: readonly ServiceEntry[]) => told.settle(entries, verdictsOf(entries));
  return { lines, told, settle };
}

/** What a run has made of services. */
function verdictsOf(entries: readonly ServiceEntry[]): Verdicts {
  return new Map(
    entries.flatMap(({ name, wanted, live }) =>
      wanted ? [[name, { wanted, live, rejection: undefined }] as const] : [],
    ),
  );
}

function issue(label: string): Issue {
  return { service: 'web', label, value: 'x', problem: 'is wrong', expected: 'y' };
}

function entry(warnings: readonly Issue[], reason?: string): ServiceEntry {
  const parameters = { serviceName: 'web', servicePath: '/', port: '80' };
  const routed = routedService(parameters, settings);
  const version = { parameters, routed, warnings };
  const request = { parameters, service: routed.service, refusal: undefined, warnings };
  const rejection =
    reason === undefined ? undefined : ({ kind: 'labels', status: 400, message: reason, request } as const);
  return { name: 'web', wanted: version, live: version, rejection };
}

test('a rejection is told once for each reason, and again after it was right', () => {
  const { lines, told, settle } = world();
  for (let times = 0; times < 3; times += 1) {
    told.rejected('web', 'no path');
    settle(entry([], 'no path'));
  }
  told.rejected('web', 'no port');
  expect(lines).toEqual(['Service is rejected | web | no path', 'Service is rejected | web | no port']);
  settle(entry([]));
  told.rejected('web', 'no port');
  expect(lines).toHaveLength(3);
});

test('a warning is told once, and again after it was mended or the service was gone', () => {
  const { lines, settle } = world();
  settle(entry([issue('a')]));
  settle(entry([issue('a'), issue('b')]));
  expect(lines).toEqual([
    'A label is not in force as it is written | web | service web: label a="x" is wrong; expected y',
    'A label is not in force as it is written | web | service web: label b="x" is wrong; expected y',
  ]);
  settle();
  settle(entry([issue('b')]));
  expect(lines).toHaveLength(3);
});
