import { describe, expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../../testing/run-command.js';

const SHOP = stackOf(
  {
    api: [
      'com.df.servicePath=/api',
      'com.df.port=8080',
      'com.df.scrapePort=8080',
      'com.df.alertName=slow',
      'com.df.alertIf=up == 0',
      'com.df.users=joe:s3cr3t',
      'com.df.scaleMax=8',
    ],
    web: ['com.df.servicePath=/', 'com.df.port=80'],
  },
  { api: 'replicas: 3' },
);
const OFFLINE = ['--promtool', 'never', '--haproxy', 'never'];

test('shows what each program makes of a service, and no password in any form', async () => {
  const { status, result } = await runCommand(['render', '--format', 'json', ...OFFLINE, '@shop.yml'], {
    files: { 'shop.yml': SHOP },
  });
  expect(status).toBe(0);
  expect(result).not.toContain('s3cr3t');
  const { services, files } = JSON.parse(result) as { services: unknown[]; files: Record<string, string> };
  expect(services[0]).toMatchObject({
    fullName: 'shop_api',
    notified: true,
    notification: { serviceName: 'shop_api', replicas: '3', distribute: 'true', users: '***' },
    routes: [{ backend: 'shop_api-be8080_0', mode: 'http', paths: ['/api'], port: 8080, srcPort: null }],
    scrape: { job: 'shop_api', port: 8080, path: '/metrics' },
    alerts: [{ name: 'slow', rule: 'shop_api_slow', expr: 'up == 0', for: '' }],
    scaling: { min: 1, max: 8, upBy: '1', downBy: '1', upCooldown: 0, downCooldown: 0 },
  });
  expect(services[1]).toMatchObject({ scrape: null, scaling: null });
  expect(files['haproxy.cfg']).toContain('backend shop_web-be80_0');
});

describe('what HAProxy refuses', () => {
  const files = {
    'shop.yml': stackOf({
      bad: ['com.df.servicePath=/bad', 'com.df.port=80', 'com.df.setReqHeader=X %[no_such_fetch]'],
      good: ['com.df.servicePath=/good', 'com.df.port=80'],
    }),
  };
  const haproxy = ['--promtool', 'never', '--haproxy', '/usr/sbin/haproxy'];

  test('is told at its label', async () => {
    const { result } = await runCommand(['lint', '--format', 'json', ...haproxy, '@shop.yml'], { files });
    expect(JSON.parse(result)).toMatchObject({
      findings: [{ code: 'DF211', service: 'bad', label: 'com.df.setReqHeader', stack: 'shop' }],
    });
  });

  test('is left out, and told', async () => {
    const { status, result, messages } = await runCommand(
      ['render', '--only', 'haproxy.cfg', ...haproxy, '@shop.yml'],
      { files },
    );
    expect(status).toBe(1);
    expect(messages).toMatch(/DF211 service bad: setReqHeader=.*no_such_fetch/);
    expect(result).toContain('backend shop_good-be80_0');
    expect(result).not.toContain('shop_bad');
  });
});

test.each([
  ['--service', 'wbe'],
  ['--only', 'nonsense'],
])('%s %s cannot be done', async (...args) => {
  const { status, result, messages } = await runCommand(['render', ...args, '@shop.yml'], {
    files: { 'shop.yml': SHOP },
  });
  expect([status, result]).toEqual([2, '']);
  expect(messages).toContain(args[1]);
});
