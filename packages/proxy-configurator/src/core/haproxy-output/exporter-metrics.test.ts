import { expect, test } from '@jest/globals';
import { renderExporterMetrics } from './exporter-metrics.js';
import type { StatisticsRow } from './statistics-csv.js';

function row(kind: StatisticsRow['kind'], cells: Readonly<Record<string, string>>): StatisticsRow {
  return { kind, proxy: 'web-be80_0', server: 'web', cells: new Map(Object.entries(cells)) };
}

test('names and labels are those that alerts of old use', () => {
  expect(renderExporterMetrics([row('backend', { scur: '3', hrsp_5xx: '2' })])).toBe(
    `# HELP haproxy_backend_current_sessions Current number of active sessions.
# TYPE haproxy_backend_current_sessions gauge
haproxy_backend_current_sessions{backend="web-be80_0"} 3
# HELP haproxy_backend_http_responses_total Total of HTTP responses.
# TYPE haproxy_backend_http_responses_total gauge
haproxy_backend_http_responses_total{backend="web-be80_0",code="5xx"} 2
`,
  );
});

test.each([
  ['UP', '1'],
  ['UP 1/3', '1'],
  ['no check', '1'],
  ['OPEN', '1'],
  ['DOWN', '0'],
  ['MAINT', '0'],
])('the status %s is %s', (status, value) => {
  expect(renderExporterMetrics([row('server', { status })])).toContain(
    `haproxy_server_up{backend="web-be80_0",server="web"} ${value}\n`,
  );
});

test('a family has one head, and empty cells and words have no line', () => {
  const text = renderExporterMetrics([
    row('server', { scur: '1', smax: '', stot: 'n/a' }),
    row('server', { scur: '2' }),
  ]);
  expect(text.match(/# TYPE/g)).toHaveLength(1);
  expect(text.match(/^haproxy_/gm)).toHaveLength(2);
});

test('a label value cannot leave its quotes', () => {
  const text = renderExporterMetrics([{ ...row('frontend', { scur: '1' }), proxy: 'a"\\\nb' }]);
  expect(text).toContain(String.raw`{frontend="a\"\\\nb"}`);
});
