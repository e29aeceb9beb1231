import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { BESIDE, closingLabels, OPEN_CANARIES } from '../../testing/closing-labels.js';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';

/** Pairs of labels: what one of them closes, the other one does not open, unless its page says so. */
const settings = settingsOf('/nowhere', { SCALER_ADDRESS: 'scaler', TRUSTED_PROXIES: '10.0.0.0/8' });
const WEB = { serviceName: 'web', servicePath: '/', port: '80' };

const CLOSING: readonly Parameters[] = [
  ...closingLabels('http://sso/verify').map(({ labels }) => labels),
  { rateLimit: '9/1s' },
];

const OTHERS: readonly Parameters[] = [
  ...BESIDE,
  { acceptProxy: 'true' },
  { canaryWeight: '100' },
  { canaryHeader: 'X-A' },
];

const CANARIES: readonly Parameters[] = [
  ...OPEN_CANARIES,
  { canaryWeight: '0', canaryHeader: 'X-A:1' },
  { canaryCookie: 'a', users: 'eve:pw', ignoreAuthorization: 'true', corsPreflight: 'true' },
  { allowFrom: '0.0.0.0/0', authExcept: '/', sslVerifyNone: 'true' },
];

const isRule = (line: string) =>
  /^ +(?:acl |http-request (?:deny|auth|track|del-header|lua\.df_forward_auth|unset-var))/.test(line);

function text(...services: readonly Parameters[]): string {
  return renderServices(
    services.map((one) => routedService(one, settings)),
    settings,
  ).text;
}

function backend(name: string, config: string): readonly string[] {
  return (config.split(`\nbackend ${name}\n`)[1]?.split('\n\n')[0] ?? '').split('\n');
}

const pairs = CLOSING.flatMap((closing) => OTHERS.map((other) => [closing, other] as const));

test.each(pairs)('%j stays closed beside %j', (closing, other) => {
  const alone = backend('web-be80_0', text({ ...WEB, ...closing })).filter(isRule);
  const both = backend('web-be80_0', text({ ...WEB, ...other, ...closing }));
  expect(alone.length).toBeGreaterThan(0);
  // How to ask an auth server may change; that it is asked may not.
  const asked = (line: string) => line.replace(/(lua\.df_forward_auth).*/, '$1');
  expect(both.filter(isRule).map(asked)).toEqual(alone.map(asked));
  // Nothing is woken before all of them.
  const waking = both.findIndex((line) => line.includes('lua.df_wake'));
  const last = both.map(isRule).lastIndexOf(true);
  expect(waking === -1 || waking > last).toBe(true);
});

const withCanaries = CLOSING.flatMap((closing) => CANARIES.map((canary) => [closing, canary] as const));

test.each(withCanaries)('%j is closed for a canary with %j, too', (closing, canary) => {
  const next = { serviceName: 'next', canaryOf: 'web', port: '81', ...canary };
  const config = text({ ...WEB, ...closing }, next);
  const stable = backend('web-be80_0', config).filter(isRule);
  expect(stable).toEqual(backend('web-be80_0', text({ ...WEB, ...closing })).filter(isRule));
  const shared = backend('next-be81_0', config).map((line) => line.replace(' table web-be80_0', ''));
  expect(stable.length).toBeGreaterThan(0);
  expect(shared.filter(isRule)).toEqual(stable);
});
