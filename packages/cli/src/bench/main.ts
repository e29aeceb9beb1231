import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { report } from '@docker-flow/testkit';
import { measure } from './measure.js';

/**
 * Measures the goals of speed on the built program. On a busy machine only the ratio to `node -e 0`, which is measured
 * beside it, says something.
 */
const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
const WITHOUT = ['--promtool', 'never', '--haproxy', 'never'];
const MOST_MEGABYTES = 200;

/** Services with a route, an alert by shortcut, one by PromQL, and bounds. */
function stackOf(count: number): string {
  const services = Array.from({ length: count }, (_, i) =>
    [
      `  s${i}:`,
      '    image: example/app:1',
      '    networks: [proxy]',
      '    deploy:',
      '      replicas: 2',
      '      labels:',
      '        - com.df.notify=true',
      `        - com.df.servicePath=/s${i}/`,
      '        - com.df.port=8080',
      '        - com.df.scrapePort=8080',
      '        - com.df.alertName.1=mem',
      '        - com.df.alertIf.1=@service_mem_limit:0.8',
      '        - com.df.alertName.2=slow',
      `        - com.df.alertIf.2=sum(rate(http_server_resp_time_bucket{job="x_s${i}",le="0.1"}[5m])) < 0.99`,
      '        - com.df.scaleMin=2',
      '        - com.df.scaleMax=8',
      '',
    ].join('\n'),
  );
  return `services:\n${services.join('')}networks:\n  proxy: {external: true}\n`;
}

const folder = mkdtempSync(path.join(tmpdir(), 'dflow-bench-'));
const searchPath = process.env['PATH'] ?? '';
try {
  const small = path.join(folder, 'small.yml');
  const large = path.join(folder, 'large.yml');
  writeFileSync(small, stackOf(10));
  writeFileSync(large, stackOf(1_000));
  process.stdout.write(
    `load of the machine: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}\n`,
  );
  const node = await measure(['-e', '0'], searchPath);
  report({ what: 'node -e 0', value: node.seconds * 1_000, unit: 'ms' });
  const cases = [
    ['--help', ['--help'], 0.3],
    ['lint of 10 services', ['lint', ...WITHOUT, small], 0.4],
    ['lint of 10 services with promtool and haproxy', ['lint', small], 1],
    ['lint of 1,000 services', ['lint', ...WITHOUT, large], 5],
    ['lint of 1,000 services with promtool and haproxy', ['lint', large], 5],
  ] as const;
  for (const [what, args, goalSeconds] of cases) {
    const { seconds, processorSeconds, megabytes } = await measure([PROGRAM, ...args], searchPath);
    report({ what, value: seconds * 1_000, unit: 'ms', goal: goalSeconds * 1_000 });
    report({ what: '  of node -e 0', value: seconds / node.seconds, unit: 'times' });
    report({ what: '  processor time', value: processorSeconds * 1_000, unit: 'ms' });
    report({ what: '  memory', value: megabytes, unit: 'MiB', goal: MOST_MEGABYTES });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
