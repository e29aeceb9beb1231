import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PROXY_SERVICE_LABELS, parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { attributeAlerts } from '../core/changes/attribute-alerts.js';
import { findPortConflicts } from '../core/entry-ports/entry-port-conflicts.js';
import type { Settings } from '../core/model/settings.js';
import { checkConfig, makeRoot, writeConfig } from '../testing/live-haproxy.js';
import { MARKER, hostileService } from '../testing/hostile-values.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

let place: ReturnType<typeof makeRoot>;
let settings: Settings;
beforeAll(() => {
  place = makeRoot();
  settings = settingsOf(place.root, { USERS: 'admin:secret' });
});
afterAll(() => place.remove());

const NEIGHBOURS: readonly Parameters[] = [
  { serviceName: 'aa', servicePath: '/aa,/shared', port: '80' },
  { serviceName: 'zz', serviceDomain: 'zz.test', port: '81', users: 'u:p' },
  { serviceName: 'mm', reqMode: 'tcp', srcPort: '9000', port: '9001' },
];
const RAW = new Set(PROXY_SERVICE_LABELS.filter(({ type }) => type.raw).map(({ name }) => name));

/** The sections of the neighbours, as text. */
function sectionsOf(text: string, names: readonly string[]): readonly string[] {
  return text
    .split(/\n(?=\S)/)
    .filter((section) => names.some((name) => new RegExp(`^(?:backend|userlist) ${name}[-U]`).test(section)));
}

test('any labels are refused by name, blamed by HAProxy on their service, or accepted; neighbours stay as they are', () => {
  const neighbours = NEIGHBOURS.map((one) => routedService(one, settings));
  const names = NEIGHBOURS.map(({ serviceName }) => serviceName ?? '');
  const alone = sectionsOf(renderServices(neighbours, settings).text, names);
  expect(alone).toHaveLength(4);
  fc.assert(
    fc.property(hostileService('bad'), (parameters) => {
      const { refusal } = parseProxyLabels(parameters, settings.labels);
      expect(refusal?.message).not.toBe('');
      if (refusal) return;
      const bad = routedService(parameters, settings);
      if (findPortConflicts([...neighbours, bad], settings).size > 0) return;
      const rendered = renderServices([...neighbours, bad], settings);
      expect(sectionsOf(rendered.text, names)).toEqual(alone);
      const { ok, output } = checkConfig(writeConfig(rendered, settings));
      const hasRawText = Object.keys(parameters).some((name) => RAW.has(name));
      expect(hasRawText ? '' : output).not.toContain(`unknown keyword '${MARKER}'`);
      if (ok) return;
      const { services } = attributeAlerts(output, rendered);
      expect([...services.keys()]).toEqual(['bad']);
    }),
    { numRuns: 100 },
  );
});
