import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { CORE_SCHEMA, load } from 'js-yaml';
import { WRONG_TYPE } from '../core/services/alert.js';
import { acceptedAlerts } from '../core/services/monitor-state.js';
import { composeFiles, composeState, type WorldInput } from '../testing/world.js';
import { createPromtool, type Promtool } from './promtool.js';

const promtool = createPromtool({ root: fileRoot(''), features: undefined, logger: silentLogger() });
afterAll(() => promtool.close());

async function rejection(input: WorldInput): Promise<string | undefined> {
  const { files, rendered } = composeFiles(input);
  return promtool.check(files, rendered);
}

function alertsOf(...conditions: string[]) {
  const services = conditions.map((alertIf, i) => ({ serviceName: `s${i}`, alertName: 'a', alertIf }));
  return [...composeState({ services }).services.values()].flatMap(acceptedAlerts);
}

describe('the scratch directory', () => {
  let parent = '';
  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'promtool-test-'));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  function promtoolIn(temporaryDirectory: string): Promtool {
    return createPromtool({
      root: fileRoot(''),
      features: undefined,
      logger: silentLogger(),
      temporaryDirectory,
    });
  }

  const bad = composeFiles({ environment: { GLOBAL__NONSENSE: '1' } });

  test('is made again when somebody has cleaned up', async () => {
    const own = promtoolIn(parent);
    await own.checkAlerts(alertsOf('up'));
    await rm(parent, { recursive: true });
    expect([...(await own.checkAlerts(alertsOf('sum('))).values()]).toEqual([
      expect.stringContaining('parse'),
    ]);
    expect(await own.check(bad.files, bad.rendered)).toContain('nonsense');
  });

  test('keeps nobody out when it cannot be made: nothing is told until it can', async () => {
    const later = path.join(parent, 'later');
    const own = promtoolIn(later);
    expect((await own.checkAlerts(alertsOf('sum('))).size).toBe(0);
    expect(await own.check(bad.files, bad.rendered)).toBeUndefined();
    expect(own.isPossible()).toBe(false);
    await mkdir(later);
    expect(await own.check(bad.files, bad.rendered)).toContain('nonsense');
    expect(own.isPossible()).toBe(true);
  });
});

describe('promtool', () => {
  test('accepts good files', async () =>
    expect(
      await rejection({ services: [{ serviceName: 'a', scrapePort: '80', alertName: 'x', alertIf: 'up' }] }),
    ).toBeUndefined());

  test('says why it rejects a configuration, in words that name no scratch file', async () => {
    const reason = await rejection({
      environment: { REMOTE_WRITE_1__URL: 'http://w', REMOTE_WRITE_1__FOO: 'x' },
    });
    expect(reason).toContain('field foo not found');
    expect(reason).not.toContain('/tmp');
  });

  test('does not ask for files that Prometheus reads later', async () => {
    const environment = {
      REMOTE_WRITE_1__URL: 'http://w',
      REMOTE_WRITE_1__BEARER_TOKEN_FILE: '/run/secrets/none',
    };
    expect(await rejection({ environment })).toBeUndefined();
  });

  test('checks many alerts at once and names the reason of each', async () => {
    const alerts = alertsOf('up', 'foo > > 1', 'sum(', 'rate(x[5m]) > 1', 'rate(x)');
    const reasons = await promtool.checkAlerts(alerts);
    expect(alerts.map((alert) => reasons.get(alert)?.split(':')[0])).toEqual([
      undefined,
      'could not parse expression',
      'could not parse expression',
      undefined,
      'could not parse expression',
    ]);
  });

  test.each([
    'x[5m]',
    'http_requests_total{job="a"}[5m]',
    'rate(x[5m])[10m:1m]',
    '(x[5m])',
    'x[5m] # a comment',
    'x[5m] offset 1h',
    '("text")',
    "('text')",
    '"text" # in quotes as a whole it would be read without them',
  ])('rejects %s, of which no alert can be made, alone and among the files', async (condition) => {
    const alerts = alertsOf(condition, 'up');
    expect([...(await promtool.checkAlerts(alerts)).values()]).toEqual([WRONG_TYPE]);
    expect(
      await rejection({ services: [{ serviceName: 'a', alertName: 'x', alertIf: condition }] }),
    ).toContain('binary expression must contain only scalar and instant vector types');
  });

  test.each(['1', 'time()', 'up == 0', 'up # a comment', 'up > bool 0', 'vector(1)', 'absent(up)'])(
    'accepts %s',
    async (condition) => {
      expect((await promtool.checkAlerts(alertsOf(condition))).size).toBe(0);
      expect(
        await rejection({ services: [{ serviceName: 'a', alertName: 'x', alertIf: condition }] }),
      ).toBeUndefined();
    },
  );

  test('lets no unbalanced parentheses pass', async () =>
    expect((await promtool.checkAlerts(alertsOf('up) + (up'))).size).toBe(1));

  test('does not mix up alerts that are checked at the same time', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const reasons = await promtool.checkAlerts(alertsOf(i % 2 === 0 ? 'up' : 'sum('));
        return reasons.size;
      }),
    );
    expect(verdicts).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });

  test('rejects annotations whose template is broken', async () => {
    const services = [
      { serviceName: 'a', alertName: 'x', alertIf: 'up', alertAnnotations: 'summary={{ $labels. }' },
    ];
    const alerts = [...composeState({ services }).services.values()].flatMap(acceptedAlerts);
    expect((await promtool.checkAlerts(alerts)).size).toBe(1);
  });
});

describe('whatever a service says', () => {
  const names = fc.constantFrom('web', 'my-service', 'a.b', '[::1]', 'x:y', 'UP_1');
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '"',
      "'",
      '\n',
      '{',
      '}',
      '{{',
      '{{ $labels.x }}',
      ': ',
      ' #',
      '- a',
      '&a',
      '*a',
      '%',
      '1',
      'yes',
      '\u0000',
      '\u2028',
      '\\',
    ),
  );
  const conditions = fc.oneof(
    texts,
    fc.constantFrom(
      'up > 1',
      '@service_mem_limit:0.8',
      '@replicas_running',
      '@target_down_and_@target_absent',
      'up{a="b: c"} > 1',
    ),
    fc
      .tuple(fc.constantFrom('@service_mem_limit:', '@resp_time_above:0.1,5m,', '@node_fs_limit:'), texts)
      .map((parts) => parts.join('')),
  );
  const service = fc.record(
    {
      serviceName: names,
      scrapePort: fc.constantFrom('80', '65535', '0', 'x'),
      scrapeType: fc.constantFrom('static_configs', 'x'),
      metricsPath: texts,
      scrapeInterval: fc.oneof(fc.constantFrom('5s', '1h', '0', '999y', '9999999y'), texts),
      scrapeTimeout: fc.oneof(fc.constantFrom('4s', '2h', '0s'), texts),
      replicas: texts,
      env: texts,
      nodeInfo: fc.oneof(
        texts,
        fc.array(fc.tuple(texts, texts, texts)).map((tasks) => JSON.stringify(tasks)),
      ),
      alertName: texts,
      alertIf: conditions,
      alertFor: fc.oneof(fc.constantFrom('5m', '0', '1h30m'), texts),
      alertLabels: fc.oneof(
        texts,
        texts.map((text) => `severity=${text},a-b=${text}`),
      ),
      alertAnnotations: fc.oneof(
        texts,
        texts.map((text) => `summary=${text},b=${text}`),
      ),
      'alertName.2': texts,
      'alertIf.2': conditions,
    },
    { requiredKeys: ['serviceName'] },
  );
  const environment = { GLOBAL_SCRAPE_INTERVAL: '10s', DF_SCRAPE_TARGET_LABELS: 'env' };
  const neighbour = { serviceName: 'neighbour', scrapePort: '80', alertName: 'n', alertIf: 'up == 0' };

  test('its job is accepted, its alerts are accepted or rejected by name, and its neighbour is not touched', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(service, { minLength: 1, maxLength: 8 }), async (services) => {
        const state = composeState({ environment, services: [neighbour, ...services] });
        const alerts = [...state.services.values()].flatMap(acceptedAlerts);
        const reasons = await promtool.checkAlerts(alerts);
        for (const [alert, reason] of reasons) expect([alert.service, reason]).not.toContain('');
        const nameOf = (alert: (typeof alerts)[number]) => `${alert.service}/${alert.name}`;
        // Of two alerts with one name both go when one is rejected: here they are told apart by name alone.
        const bad = new Set([...reasons.keys()].map(nameOf));
        const good = new Set(alerts.map(nameOf).filter((name) => !bad.has(name)));
        const accepted = services.map((one) => withoutBadAlerts(one, good));
        const built = composeFiles({ environment, services: [neighbour, ...accepted] });
        expect(await promtool.check(built.files, built.rendered)).toBeUndefined();
        expect(load(built.rendered.config, { schema: CORE_SCHEMA })).toEqual(
          JSON.parse(JSON.stringify(built.files.config)),
        );
        expect(built.rendered.rules).toContain("- alert: neighbour_n\n    expr: 'up == 0'\n");
      }),
      { numRuns: 25 },
    );
  });

  function withoutBadAlerts(one: Readonly<Record<string, string | undefined>>, good: ReadonlySet<string>) {
    const isGood = (name: string | undefined) => good.has(`${one['serviceName']}/${name?.trim()}`);
    const kept = Object.entries(one).flatMap(([key, value]) => {
      const suffix = key.endsWith('.2') ? '.2' : '';
      const isAlert = key.startsWith('alert');
      return value === undefined || (isAlert && !isGood(one[`alertName${suffix}`]))
        ? []
        : [[key, value] as const];
    });
    return Object.fromEntries(kept);
  }
});
