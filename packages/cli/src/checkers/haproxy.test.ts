import { expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../testing/run-command.js';

/** What becomes of labels, as the real HAProxy sees it. */
async function lint(labels: readonly string[], settings: readonly string[] = []) {
  const args = settings.flatMap((setting) => ['--setting', setting]);
  const { result } = await runCommand(
    ['lint', '--format', 'json', '--promtool', 'never', ...args, '@shop.yml'],
    {
      files: { 'shop.yml': stackOf({ web: ['com.df.servicePath=/a', 'com.df.port=80', ...labels] }) },
      environment: { PATH: process.env['PATH'] ?? '' },
    },
  );
  const { findings, unchecked } = JSON.parse(result) as {
    findings: { code: string; label?: string }[];
    unchecked: { what: string }[];
  };
  return {
    found: findings.map(({ code, label = '' }) => `${code} ${label}`.trim()),
    isChecked: unchecked.every(({ what }) => what !== 'haproxy'),
  };
}

// Files that only the image of the proxy has must not count.
test.each([
  [['com.df.serviceDomain=a.example.com', 'com.df.acme=true', 'com.df.httpsOnly=true'], []],
  [['com.df.serverCa=backend-ca', 'com.df.serverName=a.test'], []],
  [['com.df.authUrl=https://auth.example.com/verify', 'com.df.authResponseHeaders=Remote-User'], []],
  [['com.df.verifyClientSsl=true'], ['CA_FILE=/certs/ca.pem']],
  [['com.df.allowFrom=10.0.0.0/8'], ['TRUSTED_PROXIES=10.0.0.0/8']],
])('%j with %j is fine for HAProxy', async (labels, settings) => {
  expect(await lint(labels, settings)).toEqual({ found: [], isChecked: true });
});

test('what it refuses is told at its label', async () => {
  expect(await lint(['com.df.setReqHeader=X %[bogus]'])).toMatchObject({
    found: ['DF211 com.df.setReqHeader'],
  });
});
