import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { canonicalMonitorParameters, CATALOGUE, type Parameters } from '@docker-flow/labels';
import { load, FAILSAFE_SCHEMA } from 'js-yaml';
import { createPromtool, type Promtool } from '../adapters/promtool.js';
import { readConfig } from '../config/config.js';
import { buildPrometheusFiles } from '../core/files/build.js';
import {
  acceptedAlerts,
  applyChanges,
  EMPTY_STATE,
  rejectedAlerts,
  type MonitorState,
} from '../core/services/monitor-state.js';
import { fakeInstallation } from '../testing/fake-installation.js';
import type { FakePrometheus } from '../testing/ports.fake.js';
import { putService, recordSettings } from '../testing/world.js';

/** Changes one after the other, with the real promtool, as the program makes them. */

const open: Promtool[] = [];
afterAll(() => Promise.all(open.map((promtool) => promtool.close())));
function promtool(): Promtool {
  const one = createPromtool({ root: fileRoot(''), features: undefined, logger: silentLogger() });
  open.push(one);
  return one;
}

const environment = { GLOBAL_SCRAPE_INTERVAL: '10s', DF_SCRAPE_TARGET_LABELS: 'env,my-label' };
const build = {
  variables: readConfig(environment).variables,
  alertmanagerUrls: '',
  expandsExternalLabels: false,
};

const neighbour = {
  serviceName: 'neighbour',
  scrapePort: '80',
  nodeInfo: '[["n","10.0.0.1","id"]]',
  alertName: 'n',
  alertIf: '@service_mem_limit:0.8',
  alertAnnotations: 'summary=Mine: "all" # mine',
};

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    "\n- alert: evil\n  expr: 'vector(1)'",
    '"\n    labels: {a: b}',
    "' #",
    '}} {{ end }}',
    '{{ $labels.x }}',
    '{{ index .Values 9 }}',
    '$(reboot)',
    '../../etc/passwd',
    '\r\n',
    '\u0000',
    '\u0085\u2028\ufeff',
    '\ud800',
    '🙂 ümläut',
    '%s',
    '*',
    '!!binary x',
    '<<: *x',
    'null',
    '~',
    '0o17',
    '1e999',
    '__proto__',
  ),
  fc.constantFrom('long ', '(', '{{', '"', 'a,b=').map((text) => text.repeat(20_000)),
);
const plausible: Readonly<Record<string, readonly string[]>> = {
  scrapePort: ['80', '65535'],
  scrapeType: ['static_configs'],
  metricsPath: ['/metrics', '/m?x=1'],
  scrapeInterval: ['5s', '0', '300y'],
  scrapeTimeout: ['4s', '2h'],
  nodeInfo: ['[["n","10.0.0.2","id"]]', '[["\\n\\"","::1","x"],["m","a b","y"]]'],
  alertName: ['a', 'b c'],
  alertIf: ['up == 0', '@target_down', '@service_mem_limit:0.8_and_@target_absent', '@resp_time_above:1,'],
  alertFor: ['5m', '1h30m'],
  alertLabels: ['severity=high', 'alertname=x', '__name__=x'],
  alertAnnotations: ['summary=text, more', 'a=1,b=2'],
};
const valueOf = (name: string) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...(plausible[name] ?? ['x'])) },
    { weight: 1, arbitrary: nasty },
  );

/** Any values for the labels of the catalogue and the target labels, alerts with and without number. */
const keys = CATALOGUE.monitor
  .filter(({ name }) => name !== 'serviceName')
  .flatMap(({ name, indexed }) =>
    (indexed ? [name, `${name}.1`, `${name}.7`] : [name]).map((key) => [key, valueOf(name)] as const),
  );
const names = ['web', 'neighbour-', 'neighbour_n', '[::1]', 'a.b', '__proto__', 'constructor'];
const service: fc.Arbitrary<Parameters> = fc
  .tuple(
    fc.constantFrom(...names),
    fc.record(Object.fromEntries([...keys, ['env', nasty] as const, ['my-label', nasty] as const]), {
      requiredKeys: ['alertName', 'alertIf'],
    }),
  )
  .map(([serviceName, others]) => ({ ...(others as Record<string, string>), serviceName }));

/** What Prometheus is given of the neighbour. */
function neighbourOf(prometheus: FakePrometheus) {
  const { config = '', rules = '', targets } = prometheus.running ?? {};
  const { scrape_configs: jobs } = load(config, { schema: FAILSAFE_SCHEMA }) as {
    scrape_configs: readonly { job_name: string }[];
  };
  const { groups } = load(rules, { schema: FAILSAFE_SCHEMA }) as {
    groups: readonly { rules: readonly { labels?: Record<string, string>; alert: string }[] }[];
  };
  return {
    job: jobs.filter((job) => job.job_name === 'neighbour'),
    targets: targets?.get('neighbour'),
    rules: groups
      .flatMap((group) => group.rules)
      .filter((rule) => rule.alert === 'neighbour_n' && rule.labels?.['service'] === 'neighbour'),
  };
}

test('whatever a service says: all of it is accepted or rejected by name, and its neighbour stays as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(service, { minLength: 1, maxLength: 4 }), async (services) => {
      const { prometheus, installer } = fakeInstallation(promtool(), { environment });
      let state: MonitorState = EMPTY_STATE;
      async function put(parameters: Parameters) {
        const canonical = canonicalMonitorParameters(Object.entries(parameters));
        const change = putService(canonical, recordSettings(environment));
        const next = applyChanges(state, [change]).state;
        const installed = await installer.install(next, { mode: 'reload', rejectsNewParts: true });
        expect(installed.reload).toEqual({ kind: 'live' });
        state = installed.state;
      }
      await put(neighbour);
      const before = neighbourOf(prometheus);
      expect(before).toMatchObject({ job: [{}], rules: [{}] });
      for (const one of services) {
        await put(one);
        const record = state.services.get(one['serviceName'] ?? '');
        for (const { alertName, reason } of record ? rejectedAlerts(record) : []) {
          expect(alertName).not.toBe('');
          expect(reason).not.toBe('');
        }
      }
      expect(neighbourOf(prometheus)).toEqual(before);
      const wanted = [...state.services.values()].flatMap(acceptedAlerts).map((alert) => alert.formattedName);
      const { files: whole } = buildPrometheusFiles({ ...build, state, scrapeFiles: [] });
      const written = whole.rules?.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)) ?? [];
      expect(new Set(written)).toEqual(new Set(wanted));
      // A check that knows nothing of the changes before sees all of it anew.
      const running = prometheus.running;
      if (!running) throw new Error('nothing runs');
      const rejected = installer.rejectedParts();
      const kept = buildPrometheusFiles({ ...build, state, scrapeFiles: [] }, (part) => rejected.has(part));
      expect(await promtool().check(kept.files, running)).toBeUndefined();
    }),
    { numRuns: 8 },
  );
});
